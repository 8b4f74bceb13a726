-- Until when somebody has leave to open the whole record of a shielded child; NULL where they have none. It holds only while
-- all is as it was when it was given: this very shield, the authority that answers for the record, and whom it was given to, in
-- the role and the organisation that they had. Whoever is suspended or stopped has none when they come back.
CREATE OR REPLACE FUNCTION registry_leave_of(person bigint, child bigint) RETURNS date LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT given.expires_on FROM public.registry_childgrant AS given
    JOIN public.auth_permission AS what ON what.id = given.permission_id AND what.codename = 'open_shielded_child'
    JOIN public.registry_shield AS shield ON shield.id = given.shield_id AND shield.ended_on IS NULL
    JOIN public.registry_child AS record ON record.id = given.child_id AND record.id = shield.child_id
        AND record.responsible_authority_id = given.authority_id
    JOIN public.access_user AS holder ON holder.id = given.user_id AND holder.role = 'practitioner'
        AND holder.state = 'active' AND holder.organisation_id = given.organisation_id
        AND public.access_unchanged_since(holder, given.given_at)
    WHERE given.user_id = person AND given.child_id = child AND given.expires_on >= public.access_today()
$$;
