-- Lets a checked batch in, or takes one back, as this transaction's event says. `seen` is the state in which the page showed
-- it. Returns whether it was done: not where it is in another state by now.
CREATE OR REPLACE FUNCTION feeds_batch_decide(batch bigint, seen text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{batch.committed,batch.undone}');
    found public.feeds_batch;
BEGIN
    IF event.id IS NULL OR (event.fields::text[] = ARRAY['batch.' || batch]) IS NOT TRUE THEN
        RAISE EXCEPTION 'a step with a batch is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    SELECT * INTO found FROM public.feeds_batch AS one WHERE one.id = batch FOR UPDATE;
    IF found.id IS NULL OR NOT public.feeds_keeps(event.actor_id, found.supplier_id) THEN
        RAISE EXCEPTION 'this is not for this user to decide' USING ERRCODE = 'CP004';
    END IF;
    IF found.state <> seen OR (event.kind = 'batch.undone' AND found.state NOT IN ('checked', 'done'))
        OR (event.kind = 'batch.committed' AND (
            found.state <> 'checked'
            OR EXISTS (SELECT FROM public.feeds_supplier AS one WHERE one.id = found.supplier_id AND one.stopped_at IS NOT NULL)
        ))
    THEN
        RETURN false;
    END IF;
    UPDATE public.feeds_batch AS one SET
        state = CASE event.kind WHEN 'batch.committed' THEN 'committed' ELSE 'undoing' END,
        decided_by_id = event.actor_id
        WHERE one.id = batch;
    RETURN true;
END
$$;
