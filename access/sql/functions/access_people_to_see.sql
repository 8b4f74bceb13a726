-- Whose vetting may be read: one's own, and that of people whom an administrator's event names. Because of the event that
-- is committed and whose ticket this transaction shows, and of no other (docs/adr/0026).
CREATE OR REPLACE FUNCTION access_people_to_see() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    RETURN array_remove(
        ARRAY[ticket.actor_id]
            || CASE WHEN ticket.kind LIKE 'user.%' THEN ARRAY[ticket.user_id] END
            || CASE WHEN ticket.kind = 'people.listed' THEN ticket.shown END,
        NULL
    );
END
$$;
