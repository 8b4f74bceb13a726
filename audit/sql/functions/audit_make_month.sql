-- A partition of the log for the month that the moment is in, unless it is there. It is made apart and then attached,
-- which locks the log for no reader and no writer.
CREATE OR REPLACE FUNCTION audit_make_month(moment timestamptz) RETURNS boolean LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    month timestamptz := date_trunc('month', moment);
    name text := to_char(month, '"audit_event_"YYYY_MM');
BEGIN
    IF to_regclass('public.' || name) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.audit_event INCLUDING ALL)', name);
    -- The planner's estimates show in EXPLAIN, past every policy: who does much must not be among them.
    EXECUTE format(
        'ALTER TABLE public.%I ALTER COLUMN actor_id SET STATISTICS 0, ALTER COLUMN child_id SET STATISTICS 0,
            ALTER COLUMN user_id SET STATISTICS 0, ALTER COLUMN session_id SET STATISTICS 0,
            ALTER COLUMN shown SET STATISTICS 0', name
    );
    EXECUTE format(
        'CREATE TRIGGER audit_event_append_only BEFORE TRUNCATE ON public.%I
            FOR EACH STATEMENT EXECUTE FUNCTION public.audit_event_refuse_change()', name
    );
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY owner ON public.%I TO contactpoint_owner USING (true)', name);
    EXECUTE format(
        'ALTER TABLE public.audit_event ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        name, month, month + interval '1 month'
    );
    RETURN true;
END
$$;
