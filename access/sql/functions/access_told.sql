-- What this transaction's own events say: that one of these was done to the person, and by whom.
CREATE OR REPLACE FUNCTION access_told(wanted text[], about bigint, who bigint) RETURNS boolean LANGUAGE plpgsql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.audit_event
        WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND kind = ANY (wanted)
            AND user_id = about AND actor_id IS NOT DISTINCT FROM who
    );
END
$$;
