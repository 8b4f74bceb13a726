-- The cases that somebody neither sees nor works, since they are barred from one of those whom these name.
CREATE OR REPLACE FUNCTION review_barred_cases() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    barred bigint[] := public.review_barred();
BEGIN
    RETURN ARRAY(
        SELECT id FROM public.review_case WHERE person_id = ANY (barred)
        UNION
        SELECT one.id FROM public.review_case AS one JOIN public.review_finding AS finding ON finding.case_id = one.id
            WHERE one.person_id IS NULL AND finding.person_id = ANY (barred)
    );
END
$$;
