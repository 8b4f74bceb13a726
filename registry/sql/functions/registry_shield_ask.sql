-- Asks that a child be shielded, as this transaction's event says: which child, why, who wants it and how that was checked,
-- and whether at once. Only of a record that this very session has opened, in an event that is committed. Returns the number
-- of the request; NULL where the child is shielded already, or the person asked before and waits.
CREATE OR REPLACE FUNCTION registry_shield_ask() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{shield.asked}');
    child public.registry_child;
    made bigint;
BEGIN
    IF event.id IS NULL OR cardinality(event.fields) IS DISTINCT FROM 3 THEN
        RAISE EXCEPTION 'that a shield is asked for is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    -- Locked, as by whoever files it: nobody else begins a shield or files the child meanwhile.
    SELECT * INTO child FROM public.registry_child WHERE id = event.child_id FOR UPDATE;
    IF NOT FOUND OR NOT EXISTS (
        SELECT FROM public.audit_event AS opened
        WHERE opened.session_id = event.session_id AND opened.child_id = event.child_id
            AND opened.actor_id = event.actor_id AND opened.kind = 'child.opened'
            AND opened.transaction_id <> event.transaction_id AND opened.at > now() - interval '1 day'
    ) THEN
        RAISE EXCEPTION 'whoever asks for a shield has opened the record' USING ERRCODE = 'CP004';
    END IF;
    IF EXISTS (
        SELECT FROM public.registry_shield AS shield WHERE shield.child_id = child.id AND shield.ended_on IS NULL
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.registry_shieldrequest AS asked (
        child_id, authority_id, reason, asker, identity_check, urgent, organisation_id, asked_by_id, asked_at,
        decision, steps
    ) VALUES (
        child.id, child.responsible_authority_id, event.reason, event.fields[1], event.fields[2],
        event.fields[3] = 'urgent', event.organisation_id, event.actor_id, clock_timestamp(), '', 0
    )
    ON CONFLICT (child_id, asked_by_id) WHERE approved_at IS NULL DO NOTHING
    RETURNING asked.id INTO made;
    IF made IS NOT NULL AND event.fields[3] = 'urgent' THEN
        PERFORM public.registry_shield_begin(made);
    END IF;
    RETURN made;
END
$$;
