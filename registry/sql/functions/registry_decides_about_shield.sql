-- Whether somebody decides about a shield of the child: of an authority of theirs, and one was asked for or is there.
CREATE OR REPLACE FUNCTION registry_decides_about_shield(person bigint, child registry_child) RETURNS boolean LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT child.responsible_authority_id = ANY (public.registry_shield_authorities(person)) AND (
        EXISTS (SELECT FROM public.registry_shieldrequest AS asked WHERE asked.child_id = child.id)
        OR EXISTS (SELECT FROM public.registry_shield AS shield WHERE shield.child_id = child.id)
    )
$$;
