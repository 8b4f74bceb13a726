-- The hours of an approval are the database's own, so that nobody can say it was decided at another time. It is decided at
-- its transaction's, by which its event is found; asked for by the clock, as events are, so that each came before it or
-- after.
CREATE OR REPLACE FUNCTION access_date_approval() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.asked_at := clock_timestamp();
    END IF;
    NEW.decided_at := CASE WHEN NEW.outcome <> '' THEN now() END;
    RETURN NEW;
END
$$;
