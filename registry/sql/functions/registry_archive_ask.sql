-- Asks to read the record in the archive that has this number, as this transaction's event says: for which reason, and of which
-- number, which its token tells. By an administrator of an authority. Returns the number of the request; NULL where one waits
-- already. Whether there is such a record nobody learns here: no function sees what lies in the archive.
CREATE OR REPLACE FUNCTION registry_archive_ask(presented bytea) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{archive.asked}');
    made bigint;
BEGIN
    IF event.id IS NULL OR (octet_length(presented) = 16 AND event.fields::text[] = ARRAY[
        'asked.' || encode(sha256(presented || uuid_send(event.request_id)), 'hex')
    ]) IS NOT TRUE THEN
        RAISE EXCEPTION 'that the archive is asked is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    IF (event.authority_id = ANY (public.registry_shield_authorities(event.actor_id))) IS NOT TRUE THEN
        RAISE EXCEPTION 'this is not for this user to ask' USING ERRCODE = 'CP004';
    END IF;
    INSERT INTO public.registry_archiverequest AS asked (
        row_version, number_fingerprint, authority_id, reason, asked_by_id, asked_at, outcome, found, steps
    ) VALUES (1, presented, event.authority_id, event.reason, event.actor_id, clock_timestamp(), '', '', 0)
    ON CONFLICT (number_fingerprint, authority_id) WHERE outcome = '' DO NOTHING
    RETURNING asked.id INTO made;
    RETURN made;
END
$$;
