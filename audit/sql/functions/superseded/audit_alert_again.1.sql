CREATE OR REPLACE FUNCTION audit_alert_again(asked text, about text, person bigint, authority bigint, amount integer)
    RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.audit_raisedalert SET times = times + amount, last_at = clock_timestamp()
        WHERE growing AND what = asked AND subject = about AND user_id IS NOT DISTINCT FROM person
            AND authority_id IS NOT DISTINCT FROM authority AND last_at > clock_timestamp() - interval '1 day'
            AND amount > 0;
    RETURN FOUND;
END
$$;
