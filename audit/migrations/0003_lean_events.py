from django.db import migrations, models

# What an event must say is asked once, where every event comes in, and no longer by constraints of the table: PostgreSQL
# prepares those anew for each statement, which took a quarter of the time of recording (docs/adr/0013). Errors name the
# rule as constraints do.
KINDS = """
    'alert.raised', 'child.added', 'child.listed', 'child.opened', 'child.searched', 'child.shown',
    'involvement.corrected', 'involvement.ended', 'involvement.read', 'involvement.recorded', 'log.closed',
    'log.heartbeat', 'log.maintained', 'log.read', 'access.refused', 'second_factor.added', 'second_factor.failed',
    'second_factor.removed', 'sign_in.failed', 'sign_in.locked', 'sign_in.succeeded', 'sign_out.done', 'user.added',
    'user.password_changed', 'people.listed'
"""
RULES_OF_EVENTS = f"""
    CREATE FUNCTION audit_rule_broken_by(event audit_event) RETURNS text LANGUAGE plpgsql IMMUTABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN CASE
            WHEN event.kind IN ({KINDS}) IS NOT TRUE THEN 'audit_event_kind_is_known'
            WHEN (event.actor_id IS NULL) <> (event.process <> '') THEN 'audit_event_has_actor_or_process'
            WHEN event.kind = 'child.opened' AND (event.child_id IS NULL OR event.reason = '')
                THEN 'audit_event_opening_names_child_and_reason'
            -- What joins the fields of the canonical line must not stand in one of them.
            WHEN concat(event.outcome, event.process, event.role, event.reason, array_to_string(event.fields, ''))
                !~ '^[a-z0-9_.-]*$' THEN 'audit_event_holds_codes'
            WHEN array_position(event.shown, NULL) IS NOT NULL OR array_position(event.fields, NULL) IS NOT NULL
                OR array_position(event.voided, NULL) IS NOT NULL THEN 'audit_event_lists_are_whole'
            WHEN (octet_length(event.authentication) = 16 AND event.number > 0) IS NOT TRUE
                THEN 'audit_event_is_authenticated'
        END;
    END
    $$;
"""
APPEND_BY_RULE = r"""
    CREATE OR REPLACE FUNCTION audit_append(event audit_event) RETURNS bigint LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        broken text := public.audit_rule_broken_by(event);
    BEGIN
        IF broken IS NOT NULL THEN
            RAISE EXCEPTION 'the event breaks the rule %', broken USING ERRCODE = 'check_violation', CONSTRAINT = broken;
        END IF;
        event.at := clock_timestamp();
        event.transaction_id := pg_current_xact_id();
        event.leaf := sha256('\x00'::bytea || convert_to(public.audit_line(event), 'UTF8'));
        INSERT INTO public.audit_event VALUES (event.*);
        RETURN event.id;
    END
    $$;

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
APPEND = r"""
    CREATE OR REPLACE FUNCTION audit_append(event audit_event) RETURNS bigint LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        event.at := clock_timestamp();
        event.transaction_id := pg_current_xact_id();
        event.leaf := sha256('\x00'::bytea || convert_to(public.audit_line(event), 'UTF8'));
        INSERT INTO public.audit_event VALUES (event.*);
        RETURN event.id;
    END
    $$;
    DROP FUNCTION audit_rule_broken_by(audit_event);
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
        migrations.RunSQL(
            RULES_OF_EVENTS + APPEND_BY_RULE,
            CONSTRAINTS + APPEND,
            state_operations=[
                migrations.RemoveConstraint("event", f"audit_event_{rule}")
                for rule in ("kind_is_known", "has_actor_or_process", "opening_names_child_and_reason")
            ],
        ),
        *narrower("audit_event_transaction", "transaction_id"),
        *narrower("audit_event_actor", "actor_id"),
        *narrower("audit_event_child", "child_id", models.Q(child_id__isnull=False)),
    ]
