-- audit_record has every event of a person charged, and so asked here in whose name it is done. What a mediator opens
-- is charged to both: to the colleague as if they had opened it themself.
CREATE OR REPLACE FUNCTION access_charge_event(event audit_event) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    spent text := CASE
        WHEN event.kind = 'child.searched' THEN 'searches'
        WHEN event.kind = 'child.opened' THEN 'records'
        WHEN event.kind IN ('child.listed', 'child.recalled', 'child.shown', 'involvement.read') THEN 'identities'
        WHEN event.kind = 'log.read' AND array_to_string(event.fields, ' ') LIKE '%number.%' THEN 'lookups'
        WHEN event.kind = 'unplaced.listed' THEN 'unplaced'
    END;
    amount bigint := CASE
        WHEN event.kind IN ('child.listed', 'child.recalled', 'unplaced.listed') THEN cardinality(event.shown) ELSE 1
    END;
BEGIN
    -- In a snapshot from before a suspension, whoever was suspended would go on for as long as they kept it.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'who may do this is asked as it stands now' USING ERRCODE = 'CP001';
    END IF;
    PERFORM public.access_check_mediation(event);
    IF spent IS NOT NULL THEN
        PERFORM public.access_charge_both(event.actor_id, event.role, event.user_id, spent, amount);
    END IF;
END
$$;
