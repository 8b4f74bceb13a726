-- The requests for connections of the person whose session is shown, and how far each is: the open ones, and for four weeks
-- those that were closed. Nothing else of what the team did, and when: that would tell of the services. Two ends alone, so
-- that it is the same whether a service declined, has ended, was withdrawn or never was. None about a record that is closed:
-- it is gone.
CREATE OR REPLACE FUNCTION registry_connections_own()
    RETURNS TABLE (id bigint, child_id bigint, asked_at timestamptz, state text) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
        SELECT one.id, one.child_id, one.asked_at, CASE
            WHEN one.closed_at IS NULL AND one.steps = 0 THEN 'waiting'
            WHEN one.closed_at IS NULL THEN 'working'
            WHEN one.outcome = 'will_ring' THEN 'will_ring'
            ELSE 'not_made'
        END
        FROM public.registry_connectionrequest AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE one.asked_by_id = public.access_shown_person()
            AND (one.closed_at IS NULL OR one.closed_at > now() - interval '28 days')
        ORDER BY one.id DESC;
END
$$;
