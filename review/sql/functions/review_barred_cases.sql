-- The cases that somebody neither sees nor works, since they are barred from one of those whom these name, or
-- since nobody knows (yet) whom these name (review_people_of).
CREATE OR REPLACE FUNCTION review_barred_cases() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    barred bigint[] := public.review_barred();
BEGIN
    RETURN ARRAY(
        SELECT id FROM public.review_case WHERE person_id = ANY (barred)
        UNION
        SELECT one.id FROM public.review_case AS one
            LEFT JOIN (
                SELECT case_id, person_id FROM public.review_finding
                UNION ALL
                SELECT case_id, person_id FROM public.review_question
                UNION ALL
                SELECT case_id, person_id FROM public.review_personresult
            ) AS named ON named.case_id = one.id
            WHERE one.person_id IS NULL
            GROUP BY one.id HAVING bool_or(named.person_id = ANY (barred)) IS NOT FALSE
    );
END
$$;
