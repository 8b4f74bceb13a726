from django.db import migrations

from database.operations import CreateFunction, GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """What somebody was vetted on is read because of an event that is committed, and written without being read."""

    dependencies = [("access", "0019_own_ways_in")]

    operations = [
        ReplaceFunction("access_people_to_see", version=2),
        ReplaceFunction("access_may_do", version=3),
        CreateFunction("access_item_number"),
        CreateFunction("access_item_keep"),
        GuardTable("access_vettingitem", version=2),
    ]
