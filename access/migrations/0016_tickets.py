from django.db import migrations

from database.operations import CreateFunction, DropFunction, ReplaceFunction


class Migration(migrations.Migration):
    """A live session shows its committed event, and may then read what the event allows."""

    dependencies = [("access", "0015_two_people_since"), ("audit", "0011_tickets")]

    operations = [
        CreateFunction("access_show_ticket"),
        DropFunction("access_history_of", version=1),
        CreateFunction("access_history_of", version=2),
        ReplaceFunction("access_charge_event", version=4),
    ]
