-- The people whose cases concern the auditors of every authority: auditors themselves, and administrators of whom every
-- auditor of their own authority is barred. Of these others see what was found and when, and no record.
CREATE OR REPLACE FUNCTION review_everybodys() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    WITH auditors AS (
        SELECT given.organisation_id, given.user_id FROM public.access_grant AS given
        JOIN public.auth_permission AS what ON what.id = given.permission_id AND what.codename = 'audit_authority'
        JOIN public.access_user AS person ON person.id = given.user_id
        WHERE given.expires_on >= public.access_today() AND person.role = 'auditor' AND person.state = 'active'
    )
    SELECT ARRAY(
        SELECT DISTINCT one.person_id FROM public.review_case AS one
        JOIN public.access_user AS person ON person.id = one.person_id
        WHERE person.role = 'auditor' OR person.role = 'administrator'
            AND EXISTS (SELECT FROM auditors WHERE auditors.organisation_id = one.authority_id)
            AND NOT EXISTS (
                SELECT FROM auditors WHERE auditors.organisation_id = one.authority_id
                    AND one.person_id <> ALL (public.review_barred_of(auditors.user_id))
            )
    )
$$;
