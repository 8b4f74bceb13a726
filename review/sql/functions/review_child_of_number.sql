-- The record that has a number, where the ticket says that this very number is looked up and no other, and people of the
-- reader's own authorities have had to do with the record. Otherwise it is as if there were none, shielded or not. Each
-- look-up is charged with its event (access_charge_event), so that one event allows one. Its token is of its request: whoever
-- reads the log does not see that two looked for the same. The number of a record that lies under another leads to that other.
CREATE OR REPLACE FUNCTION review_child_of_number(kind_asked text, presented bytea) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
    token text := encode(sha256(presented || uuid_send(ticket.request_id)), 'hex');
    whose bigint;
BEGIN
    PERFORM public.review_audited();
    IF (ticket.fields::text[] = ARRAY['number.' || kind_asked, 'asked.' || token]) IS NOT TRUE THEN
        RAISE EXCEPTION 'looking a number up is recorded first' USING ERRCODE = 'CP001';
    END IF;
    IF kind_asked = 'own' THEN
        SELECT id INTO whose FROM public.registry_child WHERE number_fingerprint = presented;
    ELSE
        SELECT child_id INTO whose FROM public.registry_childnumber
            WHERE kind = kind_asked AND fingerprint = presented;
    END IF;
    whose := public.registry_stays_of(whose);
    RETURN (SELECT whose WHERE EXISTS (SELECT FROM public.review_events_of_record(whose)));
END
$$;
