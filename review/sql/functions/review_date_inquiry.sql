-- The hours are the database's, by the clock as those of alerts: what was raised before somebody took it is told from what
-- was raised after. Whoever closes it changes nothing about who looks at it. And what is raised after an alert was closed is
-- another one.
CREATE OR REPLACE FUNCTION review_date_inquiry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.closed_at IS NULL THEN
        NEW.taken_at := clock_timestamp();
    ELSE
        NEW.taken_at := OLD.taken_at;
        NEW.taken_by_id := OLD.taken_by_id;
        NEW.closed_at := clock_timestamp();
        UPDATE public.audit_raisedalert SET growing = false WHERE id = NEW.alert_id;
    END IF;
    RETURN NEW;
END
$$;
