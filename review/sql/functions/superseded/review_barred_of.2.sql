-- The people whose cases an auditor neither sees nor works (review_barrings). Of an auditor whom the examiner has not compared
-- with anybody yet that is everybody of whom there is anything to see: a few seconds after they became one.
CREATE OR REPLACE FUNCTION review_barred_of(auditor bigint) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY(
        SELECT person_id FROM public.review_barrings(ARRAY[auditor])
        UNION
        SELECT whom FROM (
            SELECT person_id AS whom FROM public.review_case
            UNION
            SELECT person_id FROM public.review_finding
            UNION
            SELECT user_id FROM public.review_compared
        ) AS seen
        WHERE whom IS NOT NULL
            AND NOT EXISTS (SELECT FROM public.review_compared WHERE user_id = auditor AND is_auditor)
    )
$$;
