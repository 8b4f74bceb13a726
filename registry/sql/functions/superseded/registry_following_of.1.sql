-- The following that a system has of the record whose involvements the ticket says are read, by the fingerprint of system,
-- organisation and record, so that it can be sealed anew; the number of one to be begun where there is none. Whoever asks has
-- the record locked until the transaction ends: of two at once the second finds what the first began.
CREATE OR REPLACE FUNCTION registry_following_of(told bytea)
    RETURNS TABLE (id bigint, row_version integer, details sealed) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF ticket.kind IS DISTINCT FROM 'involvement.read' THEN
        RAISE EXCEPTION 'that a record is followed is told after its involvements are read' USING ERRCODE = 'CP001';
    END IF;
    PERFORM FROM public.registry_child AS child WHERE child.id = ticket.child_id FOR UPDATE;
    RETURN QUERY SELECT one.id, one.row_version, one.details FROM public.registry_following AS one
        WHERE one.pair = told AND one.child_id = ticket.child_id;
    IF NOT FOUND THEN
        RETURN QUERY SELECT nextval('public.registry_following_id_seq'), 0, NULL::public.sealed;
    END IF;
END
$$;
