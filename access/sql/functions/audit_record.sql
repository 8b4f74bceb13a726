-- What a person did is written only where that person's live session vouches for it, in which they have shown a second
-- factor; for a decision about people, within the last minutes. Nobody lapsed, stopped or still joining does anything but
-- in their own affairs.
CREATE OR REPLACE FUNCTION audit_record(presented text, told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := jsonb_populate_record(NULL::public.audit_event, told);
    today date := public.access_today();
    signs_in boolean := public.audit_caller() = 'contactpoint_sign_in';
BEGIN
    event.id := nextval('public.audit_event_id_seq');
    IF public.access_is_of_sign_in(event.kind) <> signs_in
        AND NOT (signs_in AND event.kind IN ('access.refused', 'mediation.ended', 'sign_out.done'))
    THEN
        RAISE EXCEPTION '% is not recorded by this process', event.kind USING ERRCODE = 'CP001';
    END IF;
    IF NOT EXISTS (
        SELECT FROM public.access_session AS session
        JOIN public.access_user AS person ON person.id = session.user_id
        JOIN public.access_organisation AS organisation ON organisation.id = person.organisation_id
        WHERE session.key_fingerprint = presented AND session.id = event.session_id
            AND session.expires_at > clock_timestamp() AND person.id = event.actor_id AND person.role = event.role
            AND organisation.id = event.organisation_id
            AND coalesce(organisation.responsible_authority_id, organisation.id) = event.authority_id
            -- Until they have shown a second factor, they can but set one up.
            AND (session.second_factor_at IS NOT NULL OR event.kind IN (
                'access.refused', 'second_factor.added', 'second_factor.failed', 'sign_in.succeeded', 'sign_out.done'
            ))
            -- What a system does in somebody's name is theirs as long as it is good, and no more than this.
            AND (session.system_id IS NULL OR event.kind IN (
                'access.refused', 'child.followed', 'child.followed_no_more', 'child.listed', 'child.opened',
                'child.recalled', 'child.searched', 'child.shown', 'history.read',
                'involvement.corrected', 'involvement.ended', 'involvement.read', 'involvement.recorded',
                'involvement.withdrawn', 'sign_in.succeeded', 'sign_out.done'
            ) AND (public.access_system_standing(session.system_id, person.id) = '' OR event.kind IN (
                'access.refused', 'sign_out.done'
            )))
            -- A minute longer than the pages let them, so that none fails that was just let through.
            AND (NOT (public.access_is_decision(event.kind) OR event.kind = 'user.suspended' AND event.role = 'auditor')
                OR session.confirmed_at > clock_timestamp() - interval '6 minutes')
            -- Whatever happens to somebody, that they were refused and signed out can be said.
            AND (event.kind IN ('access.refused', 'sign_out.done') OR (
                NOT public.access_is_stopped(person.id, organisation.id) AND (
                    person.state = 'active' AND person.valid_until >= today AND organisation.accredited_until >= today
                    OR person.state IN ('joining', 'active') AND coalesce(event.user_id, person.id) = person.id
                        AND event.kind IN (
                            'history.read', 'second_factor.added', 'second_factor.failed', 'second_factor.removed',
                            'session.ended', 'sign_in.succeeded', 'user.agreed', 'user.password_changed', 'user.read'
                        )
                )
            ))
            -- What an event opens, only the role that may have it opened records (access.rules.roles).
            AND (person.role = 'auditor' OR event.kind <> 'log.read')
            AND (person.role = 'practitioner' OR event.kind NOT LIKE 'involvement.%')
    ) THEN
        RAISE EXCEPTION 'no live session of this user vouches for the event' USING ERRCODE = 'CP001';
    END IF;
    IF public.access_may_do(event) IS NOT TRUE THEN
        RAISE EXCEPTION '% is not for this user to do', event.kind USING ERRCODE = 'CP004';
    END IF;
    PERFORM public.access_charge_event(event);
    RETURN public.audit_append(event);
END
$$;
