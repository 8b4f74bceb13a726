from django.db import migrations

from database.operations import CreateFunction, GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """What somebody was vetted on is read because of an event that is committed, and written without being read."""

    dependencies = [("access", "0020_nobody_elses_link")]

    operations = [
        ReplaceFunction("access_people_to_see", version=2),
        CreateFunction("access_item_number"),
        CreateFunction("access_item_keep"),
        GuardTable("access_vettingitem", version=2),
    ]
