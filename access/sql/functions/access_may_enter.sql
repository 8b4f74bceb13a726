-- Whether somebody might come in this very moment: active, all items and the accreditation current, not stopped.
CREATE OR REPLACE FUNCTION access_may_enter(asked bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_user AS person
        JOIN public.access_organisation AS employer ON employer.id = person.organisation_id
        WHERE person.id = asked AND person.state = 'active' AND person.valid_until >= public.access_today()
            AND employer.accredited_until >= public.access_today()
            AND NOT public.access_is_stopped(person.id, employer.id)
    )
$$;
