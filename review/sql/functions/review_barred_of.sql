-- The people whose cases an auditor neither sees nor works (review_barrings). Until the worker has made somebody's traits and
-- the examiner has compared them nobody knows whom they are near to: from such a person every auditor is barred, and such an
-- auditor from everybody of whom there is anything to see.
CREATE OR REPLACE FUNCTION review_barred_of(auditor bigint) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY(
        SELECT person_id FROM public.review_barrings(ARRAY[auditor])
        UNION
        SELECT user_id FROM public.review_compared WHERE NOT has_traits
        UNION
        SELECT whom FROM (
            SELECT person_id AS whom FROM public.review_case
            UNION
            SELECT person_id FROM public.review_finding
            UNION
            SELECT user_id FROM public.review_compared
        ) AS seen
        WHERE whom IS NOT NULL
            AND NOT EXISTS (SELECT FROM public.review_compared WHERE user_id = auditor AND is_auditor AND has_traits)
    )
$$;
