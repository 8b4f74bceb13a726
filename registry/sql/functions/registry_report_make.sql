-- Reports a part of a child's record as wrong, as this transaction's event says: which child, and which part. Only of a record
-- that this very session has opened, in an event that is committed; and of a shielded child only what the reader sees: all of it
-- where they opened it by leave that they still have, else what a shield leaves. Where the part is reported already, of whichever
-- of the records that lie together, they are told with whoever reported it. Returns what came of it: 'made', 'joined', 'own'
-- where they reported it themselves and it is open, or 'hidden'.
CREATE OR REPLACE FUNCTION registry_report_make() RETURNS text LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{report.made}');
    opening public.audit_event;
    records bigint[];
    known bigint;
    is_new boolean;
BEGIN
    IF event.id IS NULL THEN
        RAISE EXCEPTION 'that something is reported is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    -- Locked, as by whoever begins a shield or puts records together: nothing of that happens meanwhile, nor another report.
    PERFORM FROM public.registry_child WHERE id = event.child_id FOR UPDATE;
    IF FOUND THEN
        SELECT * INTO opening FROM public.audit_event AS opened
            WHERE opened.session_id = event.session_id AND opened.child_id = event.child_id
                AND opened.actor_id = event.actor_id AND opened.kind = 'child.opened'
                AND opened.transaction_id <> event.transaction_id AND opened.at > now() - interval '1 day'
            ORDER BY opened.id DESC LIMIT 1;
    END IF;
    IF opening.id IS NULL THEN
        RAISE EXCEPTION 'whoever reports something has opened the record' USING ERRCODE = 'CP004';
    END IF;
    records := public.registry_together(event.child_id);
    -- Leave is for one shield, and not for that of a record which lies under this one.
    IF public.registry_report_is_hidden(event.reason, event.child_id) AND (
        opening.fields::text[] = '{shield.grant}' AND opening.user_id IS NULL
        AND public.registry_leave_of(event.actor_id, event.child_id) IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM public.registry_shield AS shield
            WHERE shield.child_id = ANY (records) AND shield.child_id <> event.child_id AND shield.ended_on IS NULL
        )
    ) IS NOT TRUE THEN
        RETURN 'hidden';
    END IF;
    SELECT min(one.id) INTO known FROM public.registry_report AS one
        WHERE one.child_id = ANY (records) AND one.part = event.reason AND one.closed_at IS NULL;
    is_new := known IS NULL;
    IF is_new THEN
        INSERT INTO public.registry_report (row_version, child_id, part, made_at, outcome, steps)
            VALUES (1, event.child_id, event.reason, clock_timestamp(), '', 0) RETURNING id INTO known;
    END IF;
    INSERT INTO public.registry_reporter (report_id, person_id, organisation_id, reported_at)
        VALUES (known, event.actor_id, event.organisation_id, clock_timestamp())
        ON CONFLICT (report_id, person_id) DO NOTHING;
    RETURN CASE WHEN NOT FOUND THEN 'own' WHEN is_new THEN 'made' ELSE 'joined' END;
END
$$;
