-- What the person whose session is shown reported, of one child or of all, and how far each is; the newest first. Nothing of what a shield hides by now:
-- that something changed there would be told by it. None about a record that is closed: it is gone. Closed ones stay until the
-- worker forgets them (registry/worker/reporting.py).
CREATE OR REPLACE FUNCTION registry_reports_own(of_child bigint DEFAULT NULL) RETURNS TABLE (
    id bigint, child_id bigint, part text, reported_at timestamptz, others bigint, state text, closed_at timestamptz
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
        SELECT one.id, child.id, one.part::text, who.reported_at,
            (SELECT count(*) FROM public.registry_reporter AS other WHERE other.report_id = one.id AND other.id < who.id),
            CASE
                WHEN told.is_hidden THEN 'protected'
                WHEN one.closed_at IS NOT NULL THEN one.outcome::text
                WHEN one.told_at IS NOT NULL THEN 'source_told'
                ELSE 'waiting'
            END,
            CASE WHEN NOT told.is_hidden THEN one.closed_at END
        FROM public.registry_reporter AS who
        JOIN public.registry_report AS one ON one.id = who.report_id
        JOIN public.registry_child AS child ON child.id = public.registry_stays_of(one.child_id)
        CROSS JOIN LATERAL (SELECT public.registry_report_is_hidden(one.part, child.id) AS is_hidden) AS told
        WHERE who.person_id = public.access_shown_person() AND (of_child IS NULL OR child.id = of_child)
        ORDER BY who.id DESC LIMIT 200;
END
$$;
