from django.db import migrations

from database.operations import CreateFunction, DropFunction, GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """A web process makes no link; a question and a link outlive no decision; who is asked about hears of it by itself."""

    dependencies = [("access", "0019_own_ways_in"), ("audit", "0015_callers")]

    operations = [
        CreateFunction("access_tell_of_reset"),
        GuardTable("access_invitation", version=4),
        GuardTable("access_approval", version=4),
        ReplaceFunction("access_reset_is_agreed", version=2),
        ReplaceFunction("access_invitation_standing", version=3),
        ReplaceFunction("access_guard_user", version=4),
        ReplaceFunction("access_may_do", version=3),
        ReplaceFunction("access_note_session_end", version=4),
        ReplaceFunction("access_names_of", version=2),
        ReplaceFunction("access_session_confirm", version=2),
        DropFunction("access_session_ended", version=2),
        CreateFunction("access_session_ended", version=3),
    ]
