-- What no person did. Of the web role only that somebody unknown was refused, that a budget is spent, and the word that
-- it lives; of whoever signs people in what happens before anybody is known; of the examiner that a case is urgent or a shield
-- overridden, and that it lives. A refusal of somebody unknown is about nobody.
CREATE OR REPLACE FUNCTION audit_record_process(told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := jsonb_populate_record(NULL::public.audit_event, told);
BEGIN
    event.id := nextval('public.audit_event_id_seq');
    IF event.actor_id IS NOT NULL OR event.kind = 'access.refused' AND event.user_id IS NOT NULL
        OR (CASE public.audit_caller()
        WHEN 'contactpoint_web'
            THEN event.kind NOT IN ('access.refused', 'alert.raised', 'log.closed', 'log.heartbeat')
        WHEN 'contactpoint_sign_in' THEN event.kind NOT IN (
            'access.refused', 'log.closed', 'log.heartbeat', 'second_factor.failed', 'sign_in.failed', 'sign_in.locked'
        )
        WHEN 'contactpoint_examiner' THEN event.kind NOT IN ('alert.raised', 'log.closed', 'log.heartbeat')
            OR event.kind = 'alert.raised' AND (event.reason IN ('urgent_case', 'overridden')) IS NOT TRUE
        WHEN 'contactpoint_reader' THEN true
        ELSE event.kind IN ('second_factor.failed', 'sign_in.failed', 'sign_in.locked')
    END) IS NOT FALSE THEN
        RAISE EXCEPTION 'this event needs the live session of the person who did it' USING ERRCODE = 'CP001';
    END IF;
    IF public.audit_caller() = 'contactpoint_web' AND event.kind = 'alert.raised'
        AND event.reason IS DISTINCT FROM 'over_budget' THEN
        RAISE EXCEPTION 'the web role raises no alert but over_budget' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN public.audit_append(event);
END
$$;
