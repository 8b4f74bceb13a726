-- Of whom a match tells by now, since records are put together, change hands and are protected while it waits: the record that
-- stays, who answers for it, and how many people have to agree. Two for a child who is shielded, and where the record is closed
-- or in the archive: of that one nobody is told, and `told_authority` still answers for it.
CREATE OR REPLACE FUNCTION feeds_match_now(told_child bigint, told_authority bigint) RETURNS TABLE (
    child_id bigint, authority_id bigint, needs integer, shielded boolean, visible boolean
) LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT stays.id, coalesce(child.responsible_authority_id, told_authority),
        CASE WHEN child.id IS NULL OR protected.is_shielded THEN 2 ELSE 1 END,
        protected.is_shielded, child.id IS NOT NULL
    FROM (SELECT public.registry_stays_of(told_child) AS id) AS stays
    CROSS JOIN LATERAL (SELECT public.registry_shielded_together(stays.id) AS is_shielded) AS protected
    LEFT JOIN public.registry_child AS child ON child.id = stays.id
$$;
