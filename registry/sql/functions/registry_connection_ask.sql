-- Asks for a connection with whatever sensitive service works with a child, as this transaction's event says: which child,
-- why and how soon. `told` is where the asker can be rung, sealed under the number. Only of a record that this very session
-- has opened, in an event that is committed. Nothing is asked of the services, so that nothing is told of them: it is the
-- same for a child with whom none works. Returns false where the person asked before and waits, or the child is shielded.
CREATE OR REPLACE FUNCTION registry_connection_ask(numbered bigint, told sealed) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{connection.asked}');
BEGIN
    IF event.id IS NULL OR cardinality(event.fields) IS DISTINCT FROM 1 THEN
        RAISE EXCEPTION 'that a connection is asked for is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    -- Locked, as by whoever begins a shield: none begins meanwhile.
    PERFORM FROM public.registry_child WHERE id = event.child_id FOR UPDATE;
    IF NOT FOUND OR NOT EXISTS (
        SELECT FROM public.audit_event AS opened
        WHERE opened.session_id = event.session_id AND opened.child_id = event.child_id
            AND opened.actor_id = event.actor_id AND opened.kind = 'child.opened'
            AND opened.transaction_id <> event.transaction_id AND opened.at > now() - interval '1 day'
    ) THEN
        RAISE EXCEPTION 'whoever asks for a connection has opened the record' USING ERRCODE = 'CP004';
    END IF;
    IF EXISTS (
        SELECT FROM public.registry_shield AS shield
        WHERE shield.child_id = event.child_id AND shield.ended_on IS NULL
    ) THEN
        RETURN false;
    END IF;
    INSERT INTO public.registry_connectionrequest (
        id, row_version, child_id, reason, soon, organisation_id, asked_by_id, asked_at, telephone, outcome, steps
    ) VALUES (
        numbered, 1, event.child_id, event.reason, event.fields[1], event.organisation_id, event.actor_id,
        clock_timestamp(), told, '', 0
    )
    ON CONFLICT (child_id, asked_by_id) WHERE closed_at IS NULL DO NOTHING;
    RETURN FOUND;
END
$$;
