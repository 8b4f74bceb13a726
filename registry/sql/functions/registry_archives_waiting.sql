-- How many requests to read the archive wait for the person whose session is shown, in a number alone: of others.
CREATE OR REPLACE FUNCTION registry_archives_waiting() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person bigint := public.access_shown_person();
    authorities bigint[];
BEGIN
    SELECT public.registry_shield_authorities(one.id) INTO authorities FROM public.access_user AS one
        WHERE one.id = person AND one.role = 'administrator' AND public.access_may_enter(one.id);
    RETURN (
        SELECT count(*) FROM public.registry_archiverequest AS one
        WHERE one.outcome = '' AND one.asked_by_id <> person AND one.authority_id = ANY (authorities)
    );
END
$$;
