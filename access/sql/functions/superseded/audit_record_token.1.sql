-- What software did is written only where it brought its token, and only of the token's own people. A token that is no
-- longer good can still be recorded as refused.
CREATE OR REPLACE FUNCTION audit_record_token(presented text, told jsonb)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := jsonb_populate_record(NULL::public.audit_event, told);
    token public.access_apitoken;
BEGIN
    event.id := nextval('public.audit_event_id_seq');
    SELECT * INTO token FROM public.access_apitoken WHERE token_fingerprint = presented;
    IF NOT FOUND OR (event.kind <> 'access.refused' AND public.access_token_standing(token) <> '')
        OR event.kind NOT IN (
            'access.refused', 'feed.received', 'grant.taken', 'people.listed', 'user.left', 'user.read',
            'user.suspended', 'user.withdrawn'
        )
        OR (event.process = 'token.' || token.id AND event.actor_id IS NULL AND event.session_id IS NULL
            AND event.child_id IS NULL AND event.shown = '{}' AND event.criteria IS NULL
            AND event.organisation_id = token.organisation_id
            AND event.authority_id = (
                SELECT coalesce(responsible_authority_id, id) FROM public.access_organisation
                WHERE id = token.organisation_id
            )) IS NOT TRUE
        OR (event.user_id IS NOT NULL AND NOT public.access_token_reaches(token, event.user_id))
    THEN
        RAISE EXCEPTION 'no live token vouches for the event' USING ERRCODE = 'CP001';
    END IF;
    UPDATE public.access_apitoken SET last_used_on = current_date
        WHERE id = token.id AND last_used_on IS DISTINCT FROM current_date AND event.kind <> 'access.refused';
    RETURN public.audit_append(event);
END
$$;
