-- Raises unless that batch was begun in this transaction, by whom its event names, and is not whole yet.
CREATE OR REPLACE FUNCTION feeds_batch_of_this_transaction(batch bigint) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{batch.received}');
BEGIN
    IF event.id IS NULL OR NOT EXISTS (
        SELECT FROM public.feeds_batch AS one
        WHERE one.id = batch AND one.state = 'received' AND one.received_at = now() AND one.received_by_id = event.actor_id
            AND one.size = 0
    ) THEN
        RAISE EXCEPTION 'a batch is sent in one transaction' USING ERRCODE = 'CP004';
    END IF;
END
$$;
