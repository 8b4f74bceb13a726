-- Whether a shield hides the child of a record: its own, or that of a record that lies under it. It hides the child, not the row.
CREATE OR REPLACE FUNCTION registry_shielded_together(record bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.registry_shield AS shield
        WHERE shield.child_id = ANY (public.registry_together(record)) AND shield.ended_on IS NULL
    )
$$;
