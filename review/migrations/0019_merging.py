from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """The log of records that lie together is read as one; the number of either leads to it (docs/adr/0048)."""

    dependencies = [("registry", "0023_merging"), ("review", "0018_override_destroyed")]

    operations = [
        ReplaceFunction("review_events_of_record", version=4),
        ReplaceFunction("review_child_of_number", version=3),
        ReplaceFunction("review_answer_standing", version=3),
    ]
