from django.db import migrations

from database.operations import CreateFunction, GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """What can be read of people is what the session may see that a connection shows (docs/adr/0032)."""

    dependencies = [("access", "0017_sign_in"), ("audit", "0013_said_by_sign_in")]

    operations = [
        CreateFunction("access_shown_mark"),
        CreateFunction("access_shown"),
        CreateFunction("access_show"),
        CreateFunction("access_shown_person"),
        CreateFunction("access_shown_reach"),
        CreateFunction("access_show_reach"),
        ReplaceFunction("access_session_load", version=3),
        ReplaceFunction("access_token_load", version=2),
        ReplaceFunction("access_is_enrolled", version=2),
        CreateFunction("access_people_named"),
        CreateFunction("access_names_of"),
        CreateFunction("access_addresses_taken"),
        CreateFunction("access_person_with_address"),
        CreateFunction("access_administrators_of"),
        CreateFunction("access_people_in_service"),
        CreateFunction("access_guard_values"),
        GuardTable("access_user", version=2),
        GuardTable("access_approval", version=2),
        GuardTable("access_invitation", version=2),
        GuardTable("access_stop", version=2),
        GuardTable("access_apitoken", version=2),
    ]
