-- What only the database can write beside a session or a token that is shown: for this one, until then, on this very
-- connection. With the key of tickets, whose marks begin with a number.
CREATE OR REPLACE FUNCTION access_shown_mark(kind text, number bigint, until bigint) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT encode(sha256(key || convert_to(
            concat_ws(' ', kind, number, until, pg_backend_pid()), 'UTF8'
        ) || key), 'hex')
        FROM public.audit_ticketkey
    );
END
$$;
