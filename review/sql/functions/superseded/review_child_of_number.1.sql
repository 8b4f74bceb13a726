-- The record that has a number, where the number's kind is in the log as looked up, and people of the reader's own
-- authorities have had to do with the record. Otherwise it is as if there were none, shielded or not. Each number is
-- charged to the reader, found or not.
CREATE OR REPLACE FUNCTION review_child_of_number(kind_asked text, presented bytea) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    reader record;
    whose bigint;
BEGIN
    PERFORM public.review_audited();
    SELECT event.actor_id, event.role, event.xmin AS written_in INTO reader FROM public.audit_event AS event
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind = 'log.read' AND event.actor_id IS NOT NULL AND ('number.' || kind_asked) = ANY (event.fields)
        ORDER BY event.id DESC LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'looking a number up is recorded first' USING ERRCODE = 'CP001';
    END IF;
    PERFORM public.access_charge(reader.actor_id, reader.role, 'lookups', 1);
    -- Event and charge stand or fall together: otherwise a savepoint would give the charge back and keep the event.
    IF NOT EXISTS (
        SELECT FROM public.access_usage AS usage
        WHERE usage.user_id = reader.actor_id AND usage.measure = 'lookups' AND usage.xmin = reader.written_in
    ) THEN
        RAISE EXCEPTION 'a number is looked up in the savepoint in which that is recorded' USING ERRCODE = 'CP001';
    END IF;
    IF kind_asked = 'own' THEN
        SELECT id INTO whose FROM public.registry_child WHERE number_fingerprint = presented;
    ELSE
        SELECT child_id INTO whose FROM public.registry_childnumber
            WHERE kind = kind_asked AND fingerprint = presented;
    END IF;
    RETURN (SELECT whose WHERE EXISTS (SELECT FROM public.review_events_of_record(whose)));
END
$$;
