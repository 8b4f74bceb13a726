-- How many requests for connections are open for the person whose session is shown to make, as a number alone.
CREATE OR REPLACE FUNCTION registry_connections_waiting() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person bigint := public.access_shown_person();
    authorities bigint[];
BEGIN
    SELECT public.registry_shield_authorities(one.id) INTO authorities FROM public.access_user AS one
        WHERE one.id = person AND one.role = 'administrator' AND public.access_may_enter(one.id);
    RETURN (
        SELECT count(*) FROM public.registry_connectionrequest AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE one.closed_at IS NULL AND one.asked_by_id <> person
            AND child.responsible_authority_id = ANY (authorities)
    );
END
$$;
