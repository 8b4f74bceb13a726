from django.db import migrations

from database.operations import CreateFunction, DropFunction, ReplaceFunction


class Migration(migrations.Migration):
    """A key under which a session ended before ends another without failing; an end is told until a moment."""

    dependencies = [("access", "0012_session_ends")]

    operations = [
        ReplaceFunction("access_note_session_end", version=2),
        DropFunction("access_session_ended", version=1),
        CreateFunction("access_session_ended", version=2),
    ]
