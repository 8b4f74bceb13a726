-- The number of the session, or of the token, that this connection shows. NULL where it shows none of that kind, or
-- did so more than a minute ago, or somebody wrote the setting themselves. Not in an older snapshot, in which a session
-- that has ended would still be there.
CREATE OR REPLACE FUNCTION access_shown(wanted text) RETURNS bigint LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shown text[] := string_to_array(current_setting('contactpoint.session', true), ' ');
BEGIN
    IF shown[1] = wanted AND shown[4] = public.access_shown_mark(wanted, shown[2]::bigint, shown[3]::bigint)
        AND shown[3]::bigint > extract(epoch FROM clock_timestamp())
        AND current_setting('transaction_isolation') = 'read committed'
    THEN
        RETURN shown[2]::bigint;
    END IF;
    RETURN NULL;
END
$$;
