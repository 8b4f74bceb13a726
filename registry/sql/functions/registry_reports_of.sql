-- The reports that these authorities answer for by now, and for which record each counts: that of records which lie together that
-- stays. None of a record that nobody sees.
CREATE OR REPLACE FUNCTION registry_reports_of(authorities bigint[]) RETURNS TABLE (report_id bigint, stays_id bigint)
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT one.id, child.id FROM public.registry_report AS one
    LEFT JOIN public.registry_mergerequest AS under
        ON under.child_id = one.child_id AND NOT under.parts AND under.done_at IS NOT NULL AND under.until IS NULL
    JOIN public.registry_child AS child ON child.id = coalesce(under.into_id, one.child_id)
    WHERE one.closed_at IS NULL AND child.responsible_authority_id = ANY (authorities)
$$;
