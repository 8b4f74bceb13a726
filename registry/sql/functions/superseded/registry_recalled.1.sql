-- The summaries of records opened lately, after the event that names them.
CREATE OR REPLACE FUNCTION registry_recalled(presented text) RETURNS TABLE (id bigint, row_version integer, summary sealed)
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
