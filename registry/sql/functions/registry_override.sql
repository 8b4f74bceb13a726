-- Notes that a shield is overridden, as both events of this transaction say: shield.overridden, and the opening that it is for.
-- Only by whoever holds the right, and with a second factor that was shown anew and serves for nothing else. Those who decide
-- about the shield are told by letter. Returns what is noted; nothing where the child is not shielded, or the factor is not of
-- now. Called by whoever opens the investigation, and by nobody else: without one there is no view.
CREATE OR REPLACE FUNCTION registry_override() RETURNS SETOF registry_override LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{shield.overridden}');
    opened public.audit_event := public.registry_shield_event('{child.opened}');
    child public.registry_child;
    session public.access_session;
    made public.registry_override;
BEGIN
    IF event.id IS NULL OR opened.id IS NULL OR opened.fields::text[] IS DISTINCT FROM '{shield.overridden}'
        OR (event.actor_id, event.session_id, event.child_id, event.reason)
            IS DISTINCT FROM (opened.actor_id, opened.session_id, opened.child_id, opened.reason)
    THEN
        RAISE EXCEPTION 'that a shield is overridden is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    SELECT * INTO child FROM public.registry_child WHERE id = event.child_id FOR SHARE;
    IF NOT FOUND OR NOT public.access_may_override(event.actor_id) THEN
        RAISE EXCEPTION 'this is not for this user to override' USING ERRCODE = 'CP004';
    END IF;
    -- Locked: of two at once with one showing of the factor, the second finds it used.
    SELECT * INTO session FROM public.access_session WHERE id = event.session_id FOR UPDATE;
    IF NOT public.registry_factor_is_anew(session.id, child.id) OR NOT EXISTS (
        SELECT FROM public.registry_shield AS shield WHERE shield.child_id = child.id AND shield.ended_on IS NULL
    ) THEN
        RETURN;
    END IF;
    INSERT INTO public.registry_override (
        child_id, authority_id, user_id, organisation_id, reason, event_id, session_id, confirmed_at, at
    ) VALUES (
        child.id, child.responsible_authority_id, event.actor_id, event.organisation_id, event.reason, opened.id,
        session.id, session.confirmed_at, clock_timestamp()
    ) RETURNING * INTO made;
    PERFORM public.access_tell_administrators(child.responsible_authority_id, 'overridden', made.at);
    RETURN NEXT made;
END
$$;
