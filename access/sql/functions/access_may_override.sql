-- Whether somebody may override shields today: they were granted it by two people, work for the police or for an authority, and
-- look children up in their own name.
CREATE OR REPLACE FUNCTION access_may_override(person bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_user AS holder
        JOIN public.access_organisation AS employer ON employer.id = holder.organisation_id
        WHERE holder.id = person AND holder.role = 'practitioner' AND employer.kind IN ('authority', 'police')
            AND public.access_holds(holder.id, employer.id, '{override_shield}') AND public.access_may_enter(holder.id)
    )
$$;
