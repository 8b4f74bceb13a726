from django.db import migrations, models

from database.operations import CreateFunction, DropFunction, ReplaceFunction

# What was asked about a record that lies in the archive is never done, and nobody can refuse it: registry_child_closed deletes
# it from now on. The owner sees no archived record; one that lies under another it does not see either, but that stands in
# the request by which it was put there, which ends where the record is archived.
NEVER_DONE = """
    DELETE FROM registry_mergerequest AS one WHERE one.done_at IS NULL AND one.outcome <> 'refused' AND (
        NOT EXISTS (SELECT FROM registry_child AS stays WHERE stays.id = one.into_id)
        OR NOT EXISTS (SELECT FROM registry_child AS under WHERE under.id = one.child_id) AND NOT EXISTS (
            SELECT FROM registry_mergerequest AS done
            WHERE done.child_id = one.child_id AND done.into_id = one.into_id AND NOT done.parts AND done.done_at IS NOT NULL
                AND done.until IS NULL
        )
    );
"""
# A consent is for all that lie together: registry_child_put_under takes it over from now on.
FOR_ALL = """
    WITH lying AS (
        SELECT child_id AS id, into_id AS stays FROM registry_mergerequest
        WHERE NOT parts AND done_at IS NOT NULL AND until IS NULL
    ), together AS (SELECT id, stays FROM lying UNION SELECT stays, stays FROM lying)
    INSERT INTO registry_keeping (child_id, authority_id, ground, given_on, recorded_by_id, recorded_at, taken_from)
    SELECT DISTINCT ON (record.id) record.id, one.authority_id, one.ground, one.given_on, one.recorded_by_id, one.recorded_at,
        one.child_id
    FROM together AS record
    JOIN together AS other ON other.stays = record.stays AND other.id <> record.id
    JOIN registry_keeping AS one ON one.child_id = other.id AND one.ended_at IS NULL
    ORDER BY record.id, one.id
    ON CONFLICT (child_id) WHERE ended_at IS NULL DO NOTHING;
"""


class Migration(migrations.Migration):
    """Records that lie together have one authority, one shield and one consent, and none waits for what is archived.

    What is told of a compared record, and whether a session looked a number up, is one function each (docs/adr/0048).
    """

    dependencies = [("access", "0034_compared"), ("registry", "0023_merging")]

    operations = [
        migrations.RunSQL(NEVER_DONE, reverse_sql=migrations.RunSQL.noop),
        migrations.AddField("keeping", "taken_from", models.BigIntegerField(null=True)),
        CreateFunction("registry_compared"),
        CreateFunction("registry_number_led_to"),
        CreateFunction("registry_merge_goes_on"),
        ReplaceFunction("registry_archive_answer", version=2),
        ReplaceFunction("registry_archives", version=2),
        ReplaceFunction("registry_child_closed", version=4),
        ReplaceFunction("registry_child_destroyed", version=5),
        ReplaceFunction("registry_child_put_under", version=2),
        ReplaceFunction("registry_handover_goes_along", version=2),
        ReplaceFunction("registry_handover_may_know", version=2),
        ReplaceFunction("registry_handover_offer", version=2),
        ReplaceFunction("registry_identity_led_to", version=2),
        ReplaceFunction("registry_identity_who", version=2),
        ReplaceFunction("registry_keeping_step", version=2),
        ReplaceFunction("registry_merge_ask", version=2),
        ReplaceFunction("registry_merge_decide", version=2),
        ReplaceFunction("registry_merge_keeps_identity", version=2),
        ReplaceFunction("registry_merge_led_to", version=2),
        ReplaceFunction("registry_merge_who", version=2),
        DropFunction("registry_handover_led_to"),
        migrations.RunSQL(FOR_ALL, reverse_sql=migrations.RunSQL.noop),
    ]
