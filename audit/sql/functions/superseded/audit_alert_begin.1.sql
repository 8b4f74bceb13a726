CREATE OR REPLACE FUNCTION audit_alert_begin(first_event bigint, about text, amount integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event;
BEGIN
    SELECT * INTO event FROM public.audit_event
        WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND id = first_event
            AND kind = 'alert.raised';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an alert is recorded before it begins' USING ERRCODE = 'CP001';
    END IF;
    UPDATE public.audit_raisedalert SET growing = false
        WHERE growing AND what = event.reason AND subject = about AND user_id IS NOT DISTINCT FROM event.user_id
            AND authority_id IS NOT DISTINCT FROM event.authority_id
            AND last_at <= clock_timestamp() - interval '1 day';
    INSERT INTO public.audit_raisedalert AS known
        (what, subject, user_id, authority_id, event_id, first_at, last_at, times, growing)
        VALUES (event.reason, about, event.user_id, event.authority_id, event.id, event.at, event.at, amount, true)
        -- Two found it at the same time.
        ON CONFLICT (what, subject, user_id, authority_id) WHERE growing
        DO UPDATE SET times = known.times + excluded.times, last_at = greatest(known.last_at, excluded.last_at);
END
$$;
