import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A case stays when the record that was opened in an emergency is destroyed, and its override with it."""

    dependencies = [
        ("registry", "0018_retention"),
        ("review", "0017_severed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="override",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="registry.override",
            ),
        ),
    ]
