-- How many records are offered to the authorities of the person whose session is shown, as a number alone.
CREATE OR REPLACE FUNCTION registry_handovers_waiting() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person bigint := public.access_shown_person();
    authorities bigint[];
BEGIN
    SELECT public.registry_shield_authorities(one.id) INTO authorities FROM public.access_user AS one
        WHERE one.id = person AND one.role = 'administrator' AND public.access_may_enter(one.id);
    RETURN (
        SELECT count(*) FROM public.registry_handover AS one
        JOIN public.registry_child AS child ON child.id = one.child_id
        WHERE one.outcome = '' AND one.to_id = ANY (authorities) AND one.offered_by_id <> person
            AND NOT public.registry_identity_goes_on(child.id)
    );
END
$$;
