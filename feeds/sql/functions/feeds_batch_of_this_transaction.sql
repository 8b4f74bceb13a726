-- Raises unless that batch was begun in this transaction, by whom its event names, and is not whole yet; and a system that sends
-- it delivers the feed still, however long that takes.
CREATE OR REPLACE FUNCTION feeds_batch_of_this_transaction(batch bigint) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.feeds_batch_event();
BEGIN
    IF event.id IS NULL OR NOT EXISTS (
        SELECT FROM public.feeds_batch AS one
        WHERE one.id = batch AND one.state = 'received' AND one.received_at = now() AND one.size = 0
            AND one.received_by_id IS NOT DISTINCT FROM event.actor_id
            AND event.fields[1] = 'supplier.' || one.supplier_id
            AND (event.actor_id IS NOT NULL OR public.feeds_delivers(event.process, one.supplier_id))
    ) THEN
        RAISE EXCEPTION 'a batch is sent in one transaction' USING ERRCODE = 'CP004';
    END IF;
END
$$;
