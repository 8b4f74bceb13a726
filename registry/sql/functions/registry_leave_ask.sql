-- Asks that somebody may still see a shielded child, as this transaction's event says: which child, who, and until when, which
-- is the next review at the latest. Returns the number of the request; NULL where they have leave already, or it was asked for
-- and waits, or the child is not shielded, or no day is left for it.
CREATE OR REPLACE FUNCTION registry_leave_ask() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{shield.grant_asked}');
    shield public.registry_shield;
    last_day date;
    made bigint;
BEGIN
    IF event.id IS NULL OR event.user_id IS NULL OR cardinality(event.fields) IS DISTINCT FROM 1
        OR event.fields[1] !~ '^until\.\d{4}-\d\d-\d\d$'
    THEN
        RAISE EXCEPTION 'that leave is asked for is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    last_day := substr(event.fields[1], 7)::date;
    PERFORM FROM public.registry_child WHERE id = event.child_id FOR UPDATE;
    IF NOT FOUND OR NOT EXISTS (
        SELECT FROM public.registry_child AS record WHERE record.id = event.child_id
            AND record.responsible_authority_id = ANY (public.registry_shield_authorities(event.actor_id))
    ) OR NOT EXISTS (
        SELECT FROM public.access_user AS person
        WHERE person.id = event.user_id AND person.role = 'practitioner' AND public.access_may_enter(person.id)
    ) THEN
        RAISE EXCEPTION 'this is not for this user to ask for' USING ERRCODE = 'CP004';
    END IF;
    SELECT * INTO shield FROM public.registry_leave_shield(event.actor_id, event.child_id);
    IF NOT FOUND OR (last_day BETWEEN public.access_today() AND shield.review_on) IS NOT TRUE
        OR public.registry_leave_of(event.user_id, event.child_id) IS NOT NULL
    THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.registry_leaverequest AS asked (
        child_id, shield_id, user_id, until, asked_by_id, asked_at, outcome, steps
    ) VALUES (
        event.child_id, shield.id, event.user_id, last_day, event.actor_id, clock_timestamp(), '', 0
    )
    ON CONFLICT (child_id, user_id) WHERE outcome = '' DO NOTHING
    RETURNING asked.id INTO made;
    RETURN made;
END
$$;
