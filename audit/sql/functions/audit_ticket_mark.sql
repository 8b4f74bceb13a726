-- What only the database can write beside a ticket: for this event, until then, in this very transaction.
CREATE OR REPLACE FUNCTION audit_ticket_mark(event bigint, until bigint) RETURNS text LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT encode(sha256(key || convert_to(
            concat_ws(' ', event, until, pg_backend_pid(), extract(epoch FROM now())), 'UTF8'
        ) || key), 'hex')
        FROM public.audit_ticketkey
    );
END
$$;
