-- Takes the step that this transaction's event says: that a young person consented to their record's being kept to the 25th
-- birthday (child.kept, with the ground and the day), or that this is over (child.kept_no_more). By somebody of the authority
-- that answers for the record, who looked its number up and has read in this very session, in an event that is committed, who
-- it is. Returns whether it was taken: not where it stands so already. How old they are is sealed: the worker asks, and by a
-- consent from before it counts no record is kept (registry/models/child.py).
CREATE OR REPLACE FUNCTION registry_keeping_step() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{child.kept,child.kept_no_more}');
    child public.registry_child;
    given date;
BEGIN
    IF event.id IS NULL THEN
        RAISE EXCEPTION 'that a record is kept is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    SELECT * INTO child FROM public.registry_child WHERE id = event.child_id FOR UPDATE;
    IF NOT FOUND OR NOT public.registry_keeping_may_know(event, child) OR NOT EXISTS (
        SELECT FROM public.audit_event AS looked
        WHERE looked.session_id = event.session_id AND looked.child_id = event.child_id
            AND looked.actor_id = event.actor_id AND looked.kind = 'identity.read'
            AND looked.transaction_id <> event.transaction_id AND looked.at > now() - interval '1 day'
    ) THEN
        RAISE EXCEPTION 'this is not for this user to decide' USING ERRCODE = 'CP004';
    END IF;
    IF event.kind = 'child.kept_no_more' THEN
        UPDATE public.registry_keeping SET ended_by_id = event.actor_id, ended_at = clock_timestamp(), sealed_at = NULL
            WHERE child_id = child.id AND ended_at IS NULL;
        RETURN FOUND;
    END IF;
    given := (substring(event.fields[1] FROM '^given\.(\d{4}-\d\d-\d\d)$'))::date;
    IF cardinality(event.fields) <> 1 OR (given BETWEEN public.access_today() - 366 AND public.access_today()) IS NOT TRUE THEN
        RAISE EXCEPTION 'a consent is of the last year' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.registry_keeping (child_id, authority_id, ground, given_on, recorded_by_id, recorded_at)
        VALUES (child.id, child.responsible_authority_id, event.reason, given, event.actor_id, clock_timestamp())
        ON CONFLICT (child_id) WHERE ended_at IS NULL DO NOTHING;
    RETURN FOUND;
END
$$;
