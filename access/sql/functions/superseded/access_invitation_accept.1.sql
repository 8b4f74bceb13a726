-- That an invitation is accepted is recorded in the very call that uses it up.
CREATE OR REPLACE FUNCTION access_invitation_accept(presented text, told jsonb)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := jsonb_populate_record(NULL::public.audit_event, told);
    invitation public.access_invitation;
BEGIN
    event.id := nextval('public.audit_event_id_seq');
    SELECT * INTO invitation FROM public.access_invitation WHERE token_fingerprint = presented FOR UPDATE;
    IF (event.kind = 'user.joined' AND event.process = 'invitation' AND event.actor_id IS NULL
        AND event.user_id = invitation.user_id AND event.child_id IS NULL AND event.shown = '{}'
        AND public.access_invitation_standing(invitation) = '') IS NOT TRUE
    THEN
        RAISE EXCEPTION 'no invitation that is open vouches for the event' USING ERRCODE = 'CP004';
    END IF;
    UPDATE public.access_invitation SET used_at = clock_timestamp() WHERE id = invitation.id;
    RETURN public.audit_append(event);
END
$$;
