-- How many requests about two records wait for the person whose session is shown, in a number alone: asked for by another, of
-- an authority of theirs.
CREATE OR REPLACE FUNCTION registry_merges_waiting() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person bigint := public.access_shown_person();
    authorities bigint[];
BEGIN
    SELECT public.registry_shield_authorities(one.id) INTO authorities FROM public.access_user AS one
        WHERE one.id = person AND one.role = 'administrator' AND public.access_may_enter(one.id);
    RETURN (
        SELECT count(*) FROM public.registry_mergerequest AS one
        JOIN public.registry_child AS stays ON stays.id = one.into_id
        WHERE one.outcome = '' AND one.asked_by_id <> person AND stays.responsible_authority_id = ANY (authorities)
    );
END
$$;
