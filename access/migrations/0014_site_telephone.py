from django.db import migrations, models


class Migration(migrations.Migration):
    """Room for a site's telephone number of any country, with an extension."""

    dependencies = [("access", "0012_session_ends")]

    operations = [
        migrations.AlterField(model_name="site", name="telephone", field=models.CharField(max_length=32)),
    ]
