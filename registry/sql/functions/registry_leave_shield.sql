-- The shield in force of a child, to somebody who decides about it; no row for anybody else, and where there is none.
CREATE OR REPLACE FUNCTION registry_leave_shield(who bigint, child bigint) RETURNS SETOF registry_shield LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT shield.* FROM public.registry_shield AS shield
    JOIN public.registry_child AS record ON record.id = shield.child_id
    WHERE shield.child_id = child AND shield.ended_on IS NULL
        AND record.responsible_authority_id = ANY (public.registry_shield_authorities(who))
$$;
