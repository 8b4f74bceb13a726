-- Begins a batch, as this transaction's event says: from which supplier, sent by whom. Its parts follow in the same
-- transaction, and its checksum last, so that half of one is never there. Returns its number.
CREATE OR REPLACE FUNCTION feeds_batch_begin() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{batch.received}');
    supplier bigint;
    made bigint;
BEGIN
    IF event.id IS NULL OR (event.fields[1] ~ '^supplier\.[0-9]+$') IS NOT TRUE THEN
        RAISE EXCEPTION 'that a batch is sent is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    supplier := split_part(event.fields[1], '.', 2)::bigint;
    IF NOT public.feeds_keeps(event.actor_id, supplier)
        OR EXISTS (SELECT FROM public.feeds_supplier WHERE id = supplier AND stopped_at IS NOT NULL)
    THEN
        RAISE EXCEPTION 'this is not for this user to send' USING ERRCODE = 'CP004';
    END IF;
    INSERT INTO public.feeds_batch AS batch (
        supplier_id, checksum, size, state, received_by_id, received_at, reached, rows, linked, created, queued, refused,
        unchanged, unusual, fault, failures
    ) VALUES (
        supplier, uuid_send(gen_random_uuid()), 0, 'received', event.actor_id, now(), 0, 0, 0, 0, 0, 0, 0, false, '', 0
    ) RETURNING batch.id INTO made;
    RETURN made;
END
$$;
