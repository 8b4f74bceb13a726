-- The record that has a number, where the number's kind is in the log as looked up, and people of the reader's own
-- authorities have had to do with the record. Otherwise it is as if there were none, shielded or not.
CREATE OR REPLACE FUNCTION review_child_of_number(kind_asked text, presented bytea) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    audited bigint[] := public.review_audited();
    found bigint;
BEGIN
    IF ('number.' || kind_asked) <> ALL ((public.audit_ticket()).fields) THEN
        RAISE EXCEPTION 'looking a number up is recorded first' USING ERRCODE = 'CP001';
    END IF;
    IF kind_asked = 'own' THEN
        SELECT id INTO found FROM public.registry_child WHERE number_fingerprint = presented;
    ELSE
        SELECT child_id INTO found FROM public.registry_childnumber
            WHERE kind = kind_asked AND fingerprint = presented;
    END IF;
    RETURN (SELECT found WHERE EXISTS (SELECT FROM public.review_events_of_record(found)));
END
$$;
