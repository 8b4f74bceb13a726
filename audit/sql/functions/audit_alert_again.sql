-- Counts an alert that goes on, and says whether one does. Whoever holds its row up keeps it from being counted, and not
-- from the log: it is recorded anew.
CREATE OR REPLACE FUNCTION audit_alert_again(asked text, about text, person bigint, authority bigint, amount integer)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '500ms'
AS $$
BEGIN
    IF public.audit_caller() = 'contactpoint_web' AND asked IS DISTINCT FROM 'over_budget' THEN
        RAISE EXCEPTION 'the web role raises no alert but over_budget' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE public.audit_raisedalert SET times = times + amount, last_at = clock_timestamp()
        WHERE growing AND what = asked AND subject = about AND user_id IS NOT DISTINCT FROM person
            AND authority_id IS NOT DISTINCT FROM authority AND last_at > clock_timestamp() - interval '1 day'
            AND amount > 0;
    RETURN FOUND;
EXCEPTION
    WHEN lock_not_available THEN RETURN false;
END
$$;
