-- What software did is written only where it brought a live token that its system fetched, and only what the system is there
-- for: who has left, of the people of its own organisation and those that it answers for; or that it delivers its own feed. While
-- the system is not good, that it was refused can be said, and nothing else. Not in an older snapshot, in which one that was
-- revoked would still be good.
CREATE OR REPLACE FUNCTION audit_record_token(presented text, told jsonb)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := jsonb_populate_record(NULL::public.audit_event, told);
    system public.access_clientsystem;
BEGIN
    event.id := nextval('public.audit_event_id_seq');
    SELECT one.* INTO system FROM public.access_systemtoken AS token
        JOIN public.access_clientsystem AS one ON one.id = token.system_id
        WHERE token.token_fingerprint = presented AND token.expires_at > clock_timestamp();
    IF (public.access_token_says(event, system.id) AND current_setting('transaction_isolation') = 'read committed' AND CASE
        WHEN event.kind = 'access.refused' THEN event.user_id IS NULL OR system.purpose = 'leavers'
        WHEN public.access_system_standing(system.id, NULL) <> '' THEN false
        WHEN system.purpose = 'leavers' THEN event.kind IN (
            'feed.received', 'grant.taken', 'people.listed', 'user.left', 'user.read', 'user.suspended', 'user.withdrawn'
        )
        WHEN system.purpose = 'feed' THEN event.user_id IS NULL AND (event.kind = 'batch.listed' AND event.fields = '{}'
            OR event.kind = 'batch.received' AND event.fields::text[] = ARRAY['supplier.' || system.feed])
        ELSE false
    END AND (event.user_id IS NULL OR public.access_token_reaches(system.organisation_id, event.user_id))) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'no live token vouches for the event' USING ERRCODE = 'CP001';
    END IF;
    RETURN public.audit_append(event);
END
$$;
