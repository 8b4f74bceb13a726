from django.db import migrations

from database.operations import CreateFunction, DropFunction


class Migration(migrations.Migration):
    """A live session shows its committed event, and may then read what the event allows."""

    dependencies = [("access", "0012_session_ends"), ("audit", "0010_tickets")]

    operations = [
        CreateFunction("access_show_ticket"),
        DropFunction("access_history_of", version=1),
        CreateFunction("access_history_of", version=2),
    ]
