CREATE OR REPLACE FUNCTION audit_record(presented text, told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := jsonb_populate_record(NULL::public.audit_event, told);
BEGIN
    event.id := nextval('public.audit_event_id_seq');
    IF NOT EXISTS (
        SELECT FROM public.access_session AS session
        JOIN public.access_user AS person ON person.id = session.user_id
        JOIN public.access_organisation AS organisation ON organisation.id = person.organisation_id
        WHERE session.key_fingerprint = presented AND session.id = event.session_id
            AND session.expires_at > clock_timestamp() AND person.id = event.actor_id AND person.role = event.role
            AND organisation.id = event.organisation_id
            AND coalesce(organisation.responsible_authority_id, organisation.id) = event.authority_id
            AND (person.state = 'active' OR event.kind IN ('access.refused', 'sign_out.done'))
            -- What an event opens, only the role that may have it opened records (access.rules.roles).
            AND (person.role = 'auditor' OR event.kind <> 'log.read')
            AND (person.role = 'practitioner' OR event.kind NOT LIKE 'involvement.%')
    ) THEN
        RAISE EXCEPTION 'no live session of this user vouches for the event' USING ERRCODE = 'CP001';
    END IF;
    PERFORM public.access_charge_event(event);
    RETURN public.audit_append(event);
END
$$;
