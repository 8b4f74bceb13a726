import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models

from database.operations import GuardTable


class Migration(migrations.Migration):
    """Several feeds are taken in at once (docs/adr/0062)."""

    dependencies = [("feeds", "0006_one_step_with_bounds")]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "children",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        GuardTable("feeds_arrival"),
    ]
