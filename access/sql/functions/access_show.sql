-- What this connection shows from now on for a minute, in place of what it showed before: a session or a token, or
-- nothing where there is none (docs/adr/0032). Whoever calls this has been brought its key.
CREATE OR REPLACE FUNCTION access_show(kind text, number bigint) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    until bigint := ceil(extract(epoch FROM clock_timestamp())) + 60;
BEGIN
    PERFORM set_config('contactpoint.session', CASE WHEN number IS NULL THEN '' ELSE
        concat_ws(' ', kind, number, until, public.access_shown_mark(kind, number, until))
    END, false);
END
$$;
