CREATE OR REPLACE FUNCTION access_charge(charged bigint, holder text, spent text, amount bigint)
    RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    budget public.access_budget;
    -- By the clock and by one zone: neither an old transaction nor a zone of one's own makes a fresh hour.
    this_hour timestamptz := date_trunc('hour', clock_timestamp(), 'UTC');
    in_hour bigint;
    in_day bigint;
BEGIN
    SELECT * INTO budget FROM public.access_budget WHERE role = holder AND measure = spent;
    IF NOT FOUND THEN
        RAISE EXCEPTION '%: no budget for this role', spent USING ERRCODE = 'CP002';
    END IF;
    INSERT INTO public.access_usage AS usage (user_id, measure, hour, used) VALUES (charged, spent, this_hour, amount)
        ON CONFLICT (user_id, measure, hour) DO UPDATE SET used = usage.used + excluded.used
        RETURNING used INTO in_hour;
    IF in_hour > budget.hourly THEN
        RAISE EXCEPTION '%: % an hour', spent, budget.hourly USING ERRCODE = 'CP002';
    END IF;
    SELECT sum(used) INTO in_day FROM public.access_usage
        WHERE user_id = charged AND measure = spent AND hour > this_hour - interval '24 hours';
    IF in_day > budget.daily THEN
        RAISE EXCEPTION '%: % a day', spent, budget.daily USING ERRCODE = 'CP002';
    END IF;
END
$$;
