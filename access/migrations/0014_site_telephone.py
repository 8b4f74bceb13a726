from django.db import migrations, models


class Migration(migrations.Migration):
    """Room for a site's telephone number of any country, with an extension."""

    dependencies = [("access", "0013_ends_of_one_key")]

    operations = [
        migrations.AlterField(model_name="site", name="telephone", field=models.CharField(max_length=32)),
    ]
