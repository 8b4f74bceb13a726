-- How much waits for the person whose session is shown, in numbers alone: requests to decide, decisions and liftings of
-- somebody else to approve, with the leave to see a child that somebody else asked for, and shields whose review is due.
CREATE OR REPLACE FUNCTION registry_shields_waiting() RETURNS TABLE (to_decide bigint, to_approve bigint, to_review bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person bigint := public.access_shown_person();
    authorities bigint[];
BEGIN
    SELECT public.registry_shield_authorities(one.id) INTO authorities FROM public.access_user AS one
        WHERE one.id = person AND one.role = 'administrator' AND public.access_may_enter(one.id);
    RETURN QUERY
        WITH asked AS (
            SELECT one.* FROM public.registry_shieldrequest AS one
            JOIN public.registry_child AS child ON child.id = one.child_id
            WHERE one.approved_at IS NULL AND one.asked_by_id <> person
                AND child.responsible_authority_id = ANY (authorities)
        ), shields AS (
            SELECT one.* FROM public.registry_shield AS one
            JOIN public.registry_child AS child ON child.id = one.child_id
            WHERE one.ended_on IS NULL AND child.responsible_authority_id = ANY (authorities)
        )
        SELECT
            (SELECT count(*) FROM asked WHERE decision = ''),
            (SELECT count(*) FROM asked WHERE decided_by_id <> person)
                + (SELECT count(*) FROM shields WHERE lift_asked_by_id <> person)
                + (SELECT count(*) FROM public.registry_leaverequest AS leave
                    JOIN shields ON shields.id = leave.shield_id WHERE leave.outcome = '' AND leave.asked_by_id <> person),
            (SELECT count(*) FROM shields WHERE review_on <= public.access_today() AND lift_asked_at IS NULL);
END
$$;
