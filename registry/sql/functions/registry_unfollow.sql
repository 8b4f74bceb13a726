-- Ends a following of the record that this transaction's event says is followed no more, for whoever knows its reference.
CREATE OR REPLACE FUNCTION registry_unfollow(presented bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_following_event('child.followed_no_more');
BEGIN
    IF event.id IS NULL THEN
        RAISE EXCEPTION 'that a system follows a record no more is recorded in its session, in this transaction'
            USING ERRCODE = 'CP001';
    END IF;
    DELETE FROM public.registry_following AS one WHERE one.reference = presented AND one.child_id = event.child_id;
END
$$;
