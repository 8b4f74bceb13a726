-- Whom a case names: the one whom it is about, or in one that is about a child all with whom something was found, who were
-- asked or of whom something was said: they are named also while all is examined again. NULL where that is nobody (yet), so
-- that nobody works it: who is barred from it could not be told.
CREATE OR REPLACE FUNCTION review_people_of(about bigint) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN one.person_id IS NOT NULL THEN ARRAY[one.person_id]
        ELSE nullif(ARRAY(
            SELECT finding.person_id FROM public.review_finding AS finding WHERE finding.case_id = one.id
            UNION
            SELECT question.person_id FROM public.review_question AS question WHERE question.case_id = one.id
            UNION
            SELECT said.person_id FROM public.review_personresult AS said WHERE said.case_id = one.id
        ), '{}')
    END
    FROM public.review_case AS one WHERE one.id = about
$$;
