-- Whom a case names: the one whom it is about, or all with whom something was found in one that is about a child.
CREATE OR REPLACE FUNCTION review_people_of(about bigint) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN one.person_id IS NOT NULL THEN ARRAY[one.person_id]
        ELSE ARRAY(SELECT DISTINCT finding.person_id FROM public.review_finding AS finding WHERE finding.case_id = one.id)
    END
    FROM public.review_case AS one WHERE one.id = about
$$;
