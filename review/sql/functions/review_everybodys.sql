-- The cases that concern the auditors of every authority: those about auditors, and those that nobody of their own authority
-- could work: it has no auditor who may come in, or each is barred from somebody whom the case names, or the only one who is
-- not decided it already and a second has to agree. Of these others see what was found and when, and no record.
CREATE OR REPLACE FUNCTION review_everybodys() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    WITH auditors AS (
        SELECT given.organisation_id, given.user_id FROM public.access_grant AS given
        JOIN public.auth_permission AS what ON what.id = given.permission_id AND what.codename = 'audit_authority'
        JOIN public.access_user AS person ON person.id = given.user_id
        WHERE given.expires_on >= public.access_today() AND person.role = 'auditor' AND public.access_may_enter(person.id)
    ), named AS (
        SELECT id AS case_id, person_id FROM public.review_case WHERE person_id IS NOT NULL
        UNION
        SELECT one.id, whom.person_id FROM public.review_case AS one
            JOIN (
                SELECT case_id, person_id FROM public.review_finding
                UNION ALL
                SELECT case_id, person_id FROM public.review_question
                UNION ALL
                SELECT case_id, person_id FROM public.review_personresult
            ) AS whom ON whom.case_id = one.id WHERE one.person_id IS NULL
    ), able AS (
        SELECT one.id AS case_id, auditors.user_id FROM public.review_case AS one
            JOIN auditors ON auditors.organisation_id = one.authority_id
        EXCEPT
        SELECT named.case_id, barring.auditor_id FROM named
            JOIN public.review_barrings(ARRAY(SELECT user_id FROM auditors)) AS barring USING (person_id)
    )
    SELECT ARRAY(
        SELECT one.id FROM public.review_case AS one
        LEFT JOIN public.access_user AS person ON person.id = one.person_id
        LEFT JOIN public.review_casework AS work
            ON work.case_id = one.id AND work.result IN ('to_employer', 'to_police') AND work.closed_at IS NULL
        WHERE person.role = 'auditor' OR NOT EXISTS (
            SELECT FROM able WHERE able.case_id = one.id AND able.user_id IS DISTINCT FROM work.decided_by_id
        )
    )
$$;
