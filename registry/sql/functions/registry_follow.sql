-- Has a system follow a record for a year, or for a year more, as this transaction's event says: which record, and in which
-- system's session. Only of a record that this very session has open, in an event that is committed and half an hour old at
-- most. For which organisation, the event says as well: what is sealed beside it is held against it before anything is told
-- (registry_following_standing). Returns until when; NULL where the system has no address at which it could be told anything.
CREATE OR REPLACE FUNCTION registry_follow(
    following bigint, version integer, told_pair bytea, told_reference bytea, told sealed
) RETURNS date LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_following_event('child.followed');
    last date := public.access_today() + 365;
BEGIN
    IF event.id IS NULL THEN
        RAISE EXCEPTION 'that a system follows a record is recorded in its session, in this transaction'
            USING ERRCODE = 'CP001';
    END IF;
    PERFORM FROM public.registry_child WHERE id = event.child_id FOR UPDATE;
    IF NOT FOUND OR NOT EXISTS (
        SELECT FROM public.audit_event AS opened
        WHERE opened.session_id = event.session_id AND opened.child_id = event.child_id AND opened.actor_id = event.actor_id
            AND opened.kind = 'child.opened' AND opened.transaction_id <> event.transaction_id
            AND opened.at > now() - interval '30 minutes'
    ) THEN
        RAISE EXCEPTION 'whoever has a system follow a record has it open' USING ERRCODE = 'CP004';
    END IF;
    IF NOT EXISTS (
        SELECT FROM public.access_clientsystem AS system
        WHERE system.id = event.fields[2]::bigint AND system.telling_address <> ''
    ) THEN
        RETURN NULL;
    END IF;
    UPDATE public.registry_following AS one SET row_version = version, until = last, details = told
        WHERE one.id = following AND one.row_version = version - 1 AND one.child_id = event.child_id
            AND one.pair = told_pair AND one.reference = told_reference;
    IF NOT FOUND THEN
        INSERT INTO public.registry_following (id, row_version, child_id, pair, reference, until, details)
            VALUES (following, version, event.child_id, told_pair, told_reference, last, told);
        -- So that the worker looks once, before anything changes.
        INSERT INTO public.registry_untold (following_id, changes) VALUES (following, 0);
    END IF;
    RETURN last;
END
$$;
