-- The child whom a row is held against, after the event that says that it is read (match.read), to those who answer for the
-- record and have such a match to decide. Of a child whom a shield hides, also that of a record which lies under this one, who
-- they are and no more; of others what a row can be held against. NULL of a record that nobody sees.
CREATE OR REPLACE FUNCTION feeds_match_child() RETURNS json LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
    child public.registry_child;
BEGIN
    IF (ticket.kind = 'match.read') IS NOT TRUE OR NOT EXISTS (SELECT FROM public.feeds_matches()) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO child FROM public.registry_child WHERE id = ticket.child_id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN public.registry_compared(child, NOT public.registry_shielded_together(child.id));
END
$$;
