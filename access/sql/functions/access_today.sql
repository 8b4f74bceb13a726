-- The service's own day, whatever zone the connection was put into.
CREATE OR REPLACE FUNCTION access_today() RETURNS date LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$ SELECT (clock_timestamp() AT TIME ZONE 'Europe/London')::date $$;
