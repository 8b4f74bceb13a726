-- The one way in. What the database knows best it gives itself: time and transaction. The time of the clock, not of the
-- transaction: a transaction held open for long does not date its events back. Whoever calls it has drawn the id before
-- anything was checked, and a sequence does not roll back: an attempt that was refused or taken back leaves a gap,
-- which the sequencer asks about. Error codes are those of audit.errors.
CREATE OR REPLACE FUNCTION audit_append(event audit_event) RETURNS bigint LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    broken text := public.audit_rule_broken_by(event);
BEGIN
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'the event breaks the rule %', broken USING ERRCODE = 'check_violation', CONSTRAINT = broken;
    END IF;
    event.at := clock_timestamp();
    event.transaction_id := pg_current_xact_id();
    event.leaf := sha256('\x00'::bytea || convert_to(public.audit_line(event), 'UTF8'));
    INSERT INTO public.audit_event VALUES (event.*);
    RETURN event.id;
END
$$;
