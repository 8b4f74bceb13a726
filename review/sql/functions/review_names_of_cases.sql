-- The names, sealed as they stand, of the people whom these cases name and of those who worked on them, and how the
-- former stand in the service; where the ticket says that the log is read and the reader may see these cases. Nothing else
-- of these people is here.
CREATE OR REPLACE FUNCTION review_names_of_cases(cases bigint[])
    RETURNS TABLE (id bigint, row_version integer, name public.sealed, role text, state text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    audited bigint[] := public.review_audited();
    barred bigint[] := public.review_barred_cases();
    everybodys bigint[] := public.review_everybodys();
BEGIN
    IF cardinality(cases) > 500 THEN
        RAISE EXCEPTION 'names are read of at most 500 cases' USING ERRCODE = 'program_limit_exceeded';
    END IF;
    RETURN QUERY
        WITH seen AS (
            SELECT one.id, people FROM public.review_case AS one CROSS JOIN public.review_people_of(one.id) AS people
            WHERE one.id = ANY (cases) AND one.id <> ALL (barred)
                AND (one.authority_id = ANY (audited) OR one.id = ANY (everybodys))
        )
        SELECT person.id, person.row_version, person.name, person.role::text, person.state::text
        FROM public.access_user AS person WHERE person.id IN (
            SELECT unnest(seen.people) FROM seen
            UNION
            SELECT unnest(ARRAY[work.taken_by_id, work.decided_by_id, work.agreed_by_id])
                FROM public.review_casework AS work WHERE work.case_id IN (SELECT seen.id FROM seen)
            UNION
            SELECT unnest(ARRAY[question.asked_by_id, question.answered_by_id])
                FROM public.review_question AS question WHERE question.case_id IN (SELECT seen.id FROM seen)
        );
END
$$;
