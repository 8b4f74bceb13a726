-- Confirms bounds that were suggested for a feed, refuses them, or takes back those that are in force, as this transaction's
-- event says. `seen` is the state in which the page showed them. Returns whether it was done: not where they are in another
-- state by now, or others came after them.
CREATE OR REPLACE FUNCTION feeds_bounds_decide(of_bounds bigint, seen text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{supplier.changed}');
    found public.feeds_bounds;
    becomes text := event.fields[3];
BEGIN
    SELECT * INTO found FROM public.feeds_bounds AS one WHERE one.id = of_bounds FOR UPDATE;
    IF event.id IS NULL OR becomes IN ('confirmed', 'refused', 'withdrawn') IS NOT TRUE
        OR (event.fields::text[] = ARRAY['supplier.' || found.supplier_id, 'bounds.' || of_bounds, becomes]) IS NOT TRUE
    THEN
        RAISE EXCEPTION 'a step with bounds is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    IF NOT public.feeds_keeps(event.actor_id, found.supplier_id) THEN
        RAISE EXCEPTION 'this is not for this user to decide' USING ERRCODE = 'CP004';
    END IF;
    -- Only what is in force is taken back: the newest that was confirmed.
    IF found.state <> seen OR found.state <> (CASE becomes WHEN 'withdrawn' THEN 'confirmed' ELSE 'suggested' END)
        OR (becomes = 'withdrawn' AND EXISTS (
            SELECT FROM public.feeds_bounds AS one
            WHERE one.supplier_id = found.supplier_id AND one.state = 'confirmed' AND one.id > found.id
        ))
    THEN
        RETURN false;
    END IF;
    UPDATE public.feeds_bounds AS one SET state = becomes, decided_by_id = event.actor_id, decided_at = clock_timestamp()
        WHERE one.id = of_bounds;
    -- What was suggested beside them was worked out from them.
    IF becomes = 'withdrawn' THEN
        UPDATE public.feeds_bounds AS one
            SET state = 'refused', decided_by_id = event.actor_id, decided_at = clock_timestamp()
            WHERE one.supplier_id = found.supplier_id AND one.state = 'suggested';
    END IF;
    RETURN true;
END
$$;
