-- The record that has a number, where the ticket says that this very number is looked up, and people of the reader's own
-- authorities have had to do with the record. Otherwise it is as if there were none, shielded or not. Each look-up is
-- charged with its event (access_charge_event), so that one event allows one.
CREATE OR REPLACE FUNCTION review_child_of_number(kind_asked text, presented bytea) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    whose bigint;
BEGIN
    PERFORM public.review_audited();
    IF NOT (public.audit_ticket()).fields::text[] @> ARRAY['number.' || kind_asked, 'asked.' || encode(presented, 'hex')] THEN
        RAISE EXCEPTION 'looking a number up is recorded first' USING ERRCODE = 'CP001';
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
