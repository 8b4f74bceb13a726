from django.db import migrations

from database.operations import CreateFunction, DropFunction


class Migration(migrations.Migration):
    """The events of a record are found once, and not looked up again by their ids."""

    dependencies = [("review", "0001_initial"), ("audit", "0010_indexes_of_the_desk")]

    operations = [
        DropFunction("review_events_of_record", version=1),
        CreateFunction("review_events_of_record", version=2),
    ]
