-- Commit first, then read (docs/adr/0026): what an event allows to be read is shown to a transaction that comes after it.
-- So the event is committed, and nobody takes it back; whoever rolls back takes back what they saw and not that they did.
-- Whoever calls this has made sure that the session is there, or that the process is the one that it says. Not in an older
-- snapshot, in which a session that has ended would still be there.
CREATE OR REPLACE FUNCTION audit_issue_ticket(asked bigint, of_session bigint, of_user bigint, of_process text DEFAULT NULL)
    RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    recorded_at timestamptz;
    until bigint;
BEGIN
    SELECT event.at INTO recorded_at FROM public.audit_event AS event
        WHERE event.id = asked AND (
                event.session_id = of_session AND event.actor_id = of_user
                OR event.actor_id IS NULL AND event.process = of_process
            )
            AND event.transaction_id IS DISTINCT FROM pg_current_xact_id_if_assigned()
            -- The first is for the planner, who then looks at one month alone.
            AND event.at > now() - interval '30 seconds' AND event.at > clock_timestamp() - interval '30 seconds';
    IF recorded_at IS NULL OR current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'no committed event of this live session allows it' USING ERRCODE = 'CP001';
    END IF;
    until := ceil(extract(epoch FROM recorded_at)) + 30;
    PERFORM set_config(
        'contactpoint.ticket', concat_ws(' ', asked, until, public.audit_ticket_mark(asked, until)), true
    );
END
$$;
