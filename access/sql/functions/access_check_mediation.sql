CREATE OR REPLACE FUNCTION access_check_mediation(event audit_event) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF event.kind LIKE 'mediation.%' AND event.role <> 'mediator' THEN
        RAISE EXCEPTION 'only a mediator takes calls' USING ERRCODE = 'CP003';
    ELSIF event.kind = 'mediation.begun' AND NOT public.access_may_be_helped(event.actor_id, event.user_id) THEN
        RAISE EXCEPTION 'this person may not be helped by this mediator' USING ERRCODE = 'CP003';
    ELSIF event.kind LIKE 'child.%' AND event.role = 'mediator' AND NOT EXISTS (
        SELECT FROM public.access_mediation AS mediation
        WHERE mediation.session_id = event.session_id AND mediation.mediator_id = event.actor_id
            AND mediation.colleague_id = event.user_id AND mediation.ended_at IS NULL
            AND mediation.expires_at > clock_timestamp()
            AND public.access_may_be_helped(mediation.mediator_id, mediation.colleague_id)
    ) THEN
        RAISE EXCEPTION 'no call of this colleague is in progress' USING ERRCODE = 'CP003';
    ELSIF event.kind SIMILAR TO '(child|involvement).%' AND event.role <> 'mediator' AND event.user_id IS NOT NULL THEN
        RAISE EXCEPTION 'only a mediator acts in the name of somebody else' USING ERRCODE = 'CP003';
    END IF;
END
$$;
