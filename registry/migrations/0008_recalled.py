from django.db import migrations

# Two steps, as in a search: which records it would be, after the event that one's own history is read; and what they are
# called, after the event that names them. A practitioner's own, opened within seven days, and never one that a mediator
# opened: nothing of one call is at hand in the next.
RECALLING = """
    CREATE FUNCTION registry_opened_lately(presented text) RETURNS TABLE (child_id bigint, opened_at timestamptz)
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        reading public.audit_event := public.access_event_of(presented, 'history.read');
        since timestamptz := clock_timestamp() - interval '7 days';
    BEGIN
        IF reading.id IS NULL OR reading.role <> 'practitioner' THEN
            RAISE EXCEPTION 'reading one''s history is recorded first' USING ERRCODE = 'CP001';
        END IF;
        RETURN QUERY
            SELECT event.child_id, max(event.at) FROM public.audit_event AS event
            WHERE event.actor_id = reading.actor_id AND event.at > since
                AND event.kind = 'child.opened' AND event.role = 'practitioner'
            GROUP BY event.child_id ORDER BY max(event.at) DESC LIMIT 10;
    END
    $$;

    CREATE FUNCTION registry_recalled(presented text) RETURNS TABLE (id bigint, row_version integer, summary sealed)
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        recalled public.audit_event := public.access_event_of(presented, 'child.recalled');
    BEGIN
        IF recalled.id IS NULL THEN
            RAISE EXCEPTION 'a list of records opened lately is recorded before it is shown' USING ERRCODE = 'CP001';
        END IF;
        RETURN QUERY
            SELECT child.id, child.row_version, child.summary FROM public.registry_child AS child
            WHERE child.id = ANY (recalled.shown)
                AND child.id IN (SELECT lately.child_id FROM public.registry_opened_lately(presented) AS lately);
    END
    $$;
"""
NOT_RECALLING = """
    DROP FUNCTION registry_recalled(text);
    DROP FUNCTION registry_opened_lately(text);
"""


class Migration(migrations.Migration):
    """Somebody who opened a record this week finds it again without typing the child's name."""

    dependencies = [("registry", "0007_withdrawals"), ("access", "0010_charge_recalled")]

    operations = [migrations.RunSQL(sql=RECALLING, reverse_sql=NOT_RECALLING)]
