from django.db import migrations

from database.operations import CreateFunction, GuardTable, ReplaceFunction

# From here on triggers keep it.
VALID_UNTIL = "UPDATE access_user SET valid_until = access_valid_until(id)"


class Migration(migrations.Migration):
    """The database keeps the rules of people's lives: who may do what about whom, in how many steps and by how many."""

    dependencies = [("access", "0004_people_tables"), ("audit", "0005_people"), ("contactpoint", "0001_roles")]

    operations = [
        CreateFunction("access_today"),
        CreateFunction("access_holds"),
        CreateFunction("access_may_stop_service"),
        CreateFunction("access_is_stopped"),
        CreateFunction("access_organisation_is_open"),
        CreateFunction("access_may_enter"),
        CreateFunction("access_administers"),
        CreateFunction("access_may_do"),
        ReplaceFunction("audit_record", version=2),
        CreateFunction("access_told"),
        CreateFunction("access_told_fields"),
        CreateFunction("access_people_to_see"),
        CreateFunction("access_leads"),
        CreateFunction("access_is_approved"),
        CreateFunction("access_guard_user"),
        CreateFunction("access_date_approval"),
        CreateFunction("access_sessions_end_of"),
        CreateFunction("access_valid_until"),
        CreateFunction("access_keep_valid_until"),
        migrations.RunSQL(VALID_UNTIL, migrations.RunSQL.noop),
        CreateFunction("access_keep_accredited_until"),
        CreateFunction("access_invitation_standing"),
        CreateFunction("access_invitation_load"),
        CreateFunction("access_invitation_accept"),
        CreateFunction("access_actor"),
        CreateFunction("access_organisation_is_changed"),
        CreateFunction("access_stop_is_told"),
        CreateFunction("access_grant_is_given"),
        CreateFunction("access_item_is_told"),
        GuardTable("access_user"),
        GuardTable("access_accreditation"),
        GuardTable("access_approval"),
        GuardTable("access_grant"),
        GuardTable("access_invitation"),
        GuardTable("access_site"),
        GuardTable("access_stop"),
        GuardTable("access_vettingitem"),
    ]
