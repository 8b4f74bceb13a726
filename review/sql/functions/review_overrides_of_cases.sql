-- What these cases look into, of those that are about an overridden shield: the opening, when and why, where whoever did it
-- works, and the record by its own number, sealed as it stands. Where the ticket says that the log is read and the reader may
-- see these cases; of one of another authority's, which concerns everybody, no record.
CREATE OR REPLACE FUNCTION review_overrides_of_cases(cases bigint[])
    RETURNS TABLE (
        case_id bigint, event_id bigint, at timestamptz, reason text, organisation_id bigint, child_id bigint,
        row_version integer, number public.sealed
    )
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    audited bigint[] := public.review_audited();
    barred bigint[] := public.review_barred_cases();
    everybodys bigint[] := public.review_everybodys();
BEGIN
    RETURN QUERY
        SELECT one.id, made.event_id, made.at, made.reason::text, made.organisation_id, child.id, child.row_version,
            child.number
        FROM public.review_case AS one
        JOIN public.registry_override AS made ON made.id = one.override_id
        LEFT JOIN public.registry_child AS child ON child.id = made.child_id AND one.authority_id = ANY (audited)
        WHERE one.id = ANY (cases) AND one.id <> ALL (barred)
            AND (one.authority_id = ANY (audited) OR one.id = ANY (everybodys));
END
$$;
