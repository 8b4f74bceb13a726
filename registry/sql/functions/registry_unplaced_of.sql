-- The children without an education setting for whom somebody's authorities answer, of the last month that is done.
CREATE OR REPLACE FUNCTION registry_unplaced_of(person bigint) RETURNS SETOF registry_child LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT child.* FROM public.registry_unplaced AS one
    JOIN public.registry_child AS child ON child.id = one.child_id AND child.responsible_authority_id = one.authority_id
    WHERE one.authority_id = ANY (public.registry_shield_authorities(person))
        AND one.month = (SELECT max(walked.month) FROM public.registry_unplacedmonth AS walked WHERE walked.done_at IS NOT NULL)
$$;
