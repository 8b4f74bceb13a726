from django.db import migrations, models

from database.operations import CreateFunction, ReplaceFunction

KINDS = """
    'alert.raised', 'child.added', 'child.listed', 'child.opened', 'child.searched', 'child.shown',
    'involvement.corrected', 'involvement.ended', 'involvement.read', 'involvement.recorded', 'log.closed',
    'log.heartbeat', 'log.maintained', 'log.read', 'access.refused', 'second_factor.added', 'second_factor.failed',
    'second_factor.removed', 'sign_in.failed', 'sign_in.locked', 'sign_in.succeeded', 'sign_out.done', 'user.added',
    'user.password_changed', 'people.listed'
"""
NO_CONSTRAINTS = """
    ALTER TABLE audit_event
        DROP CONSTRAINT audit_event_kind_is_known,
        DROP CONSTRAINT audit_event_has_actor_or_process,
        DROP CONSTRAINT audit_event_opening_names_child_and_reason,
        DROP CONSTRAINT audit_event_holds_codes,
        DROP CONSTRAINT audit_event_lists_are_whole,
        DROP CONSTRAINT audit_event_is_authenticated;
"""
CONSTRAINTS = f"""
    ALTER TABLE audit_event
        ADD CONSTRAINT audit_event_kind_is_known CHECK (kind IN ({KINDS})),
        ADD CONSTRAINT audit_event_has_actor_or_process CHECK ((actor_id IS NULL) = (process <> '')),
        ADD CONSTRAINT audit_event_opening_names_child_and_reason
            CHECK (kind <> 'child.opened' OR (child_id IS NOT NULL AND reason <> '')),
        ADD CONSTRAINT audit_event_holds_codes CHECK (
            concat(outcome, process, role, reason, array_to_string(fields, '')) ~ '^[a-z0-9_.-]*$'
        ),
        ADD CONSTRAINT audit_event_lists_are_whole CHECK (
            array_position(shown, NULL) IS NULL AND array_position(fields, NULL) IS NULL
            AND array_position(voided, NULL) IS NULL
        ),
        ADD CONSTRAINT audit_event_is_authenticated CHECK (octet_length(authentication) = 16 AND number > 0);
"""


def narrower(name: str, column: str, condition: models.Q | None = None) -> list[migrations.operations.base.Operation]:
    """Index the column alone: equal keys share one entry, and what one person or child has is sorted when asked for."""
    return [
        migrations.RemoveIndex("event", name),
        migrations.AddIndex("event", models.Index(fields=(column,), name=name, condition=condition)),
    ]


class Migration(migrations.Migration):
    """Events take less time and less room: a check instead of six constraints, and indexes without the id.

    Writers wait while the indexes are made: run it while the log is short, as before the first release.
    """

    dependencies = [("audit", "0002_recording")]

    operations = [
        CreateFunction("audit_rule_broken_by"),
        ReplaceFunction("audit_append", version=2),
        migrations.RunSQL(
            NO_CONSTRAINTS,
            CONSTRAINTS,
            state_operations=[
                migrations.RemoveConstraint("event", f"audit_event_{rule}")
                for rule in ("kind_is_known", "has_actor_or_process", "opening_names_child_and_reason")
            ],
        ),
        *narrower("audit_event_transaction", "transaction_id"),
        *narrower("audit_event_actor", "actor_id"),
        *narrower("audit_event_child", "child_id", models.Q(child_id__isnull=False)),
    ]
