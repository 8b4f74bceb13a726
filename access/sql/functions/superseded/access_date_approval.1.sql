-- The hour of an approval is its transaction's own, so that nobody can say it was decided at another time.
CREATE OR REPLACE FUNCTION access_date_approval() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.asked_at := now();
    END IF;
    NEW.decided_at := CASE WHEN NEW.outcome <> '' THEN now() END;
    RETURN NEW;
END
$$;
