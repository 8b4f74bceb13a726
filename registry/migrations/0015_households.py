from django.db import migrations, models

from database.operations import CreateFunction


class Migration(migrations.Migration):
    """A shield is taken over by the children of the same home (docs/adr/0043)."""

    dependencies = [("registry", "0014_new_identities")]

    operations = [
        migrations.AddField(
            model_name="shield",
            name="spread",
            field=models.BooleanField(db_default=False, default=False),
        ),
        CreateFunction("search.sharing"),
    ]
