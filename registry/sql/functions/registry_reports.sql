-- What is reported as wrong and open, as a committed event allows, to the administrators of the authority that answers for the
-- record by now: all of it, which names nobody, first what nobody took up (report.listed), or the one that the event names with its child (report.read).
-- Never what they reported themselves, in another role. Who said what a shield hides is not told.
CREATE OR REPLACE FUNCTION registry_reports() RETURNS TABLE (
    id bigint, row_version integer, child_id bigint, part text, made_at timestamptz, sources public.sealed, people bigint,
    told_at timestamptz, told_by_id bigint, steps integer, hidden boolean
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind IN ('report.listed', 'report.read')) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of reports is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT one.id, one.row_version, whose.stays_id, one.part::text, one.made_at,
            (CASE WHEN NOT told.is_hidden THEN one.sources END)::public.sealed,
            (SELECT count(*) FROM public.registry_reporter AS who WHERE who.report_id = one.id),
            one.told_at, one.told_by_id, one.steps, told.is_hidden
        FROM public.registry_reports_of(public.registry_shield_authorities(ticket.actor_id)) AS whose
        JOIN public.registry_report AS one ON one.id = whose.report_id
        CROSS JOIN LATERAL (SELECT public.registry_report_is_hidden(one.part, whose.stays_id) AS is_hidden) AS told
        WHERE NOT EXISTS (
                SELECT FROM public.registry_reporter AS own WHERE own.report_id = one.id AND own.person_id = ticket.actor_id
            )
            AND (ticket.kind = 'report.listed'
                OR ticket.fields::text[] = ARRAY['reported.' || one.id] AND ticket.child_id = whose.stays_id)
        ORDER BY one.told_at IS NOT NULL, one.id LIMIT 200;
END
$$;
