-- How much waits for the person whose session is shown, in numbers alone: new identities that another asked for, and links
-- between records that another asks to read.
CREATE OR REPLACE FUNCTION registry_identities_waiting() RETURNS TABLE (to_approve bigint, to_open bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person bigint := public.access_shown_person();
    authorities bigint[];
BEGIN
    SELECT public.registry_shield_authorities(one.id) INTO authorities FROM public.access_user AS one
        WHERE one.id = person AND one.role = 'administrator' AND public.access_may_enter(one.id);
    RETURN QUERY SELECT
        (
            SELECT count(*) FROM public.registry_identityrequest AS one
            JOIN public.registry_child AS child ON child.id = one.child_id
            WHERE one.outcome = '' AND one.asked_by_id <> person AND child.responsible_authority_id = ANY (authorities)
        ),
        (
            SELECT count(*) FROM public.registry_escrowrequest AS one
            JOIN public.registry_escrow AS escrow ON escrow.id = one.escrow_id
            WHERE one.outcome = '' AND one.asked_by_id <> person AND escrow.authority_id = ANY (authorities)
        );
END
$$;
