-- The one way in which the web role reads of a child: the rows that a committed event of a live session allows, as they
-- stand in one moment, in one answer. Their tables it does not see at all (contactpoint/grants.py).
--
-- child.shown        who the child is
-- shield.read        the same, to who decides about its shield: of a child of their authority for whom one was asked for
-- involvement.read   besides, until when they lived, who answers for them, and who works with them
-- child.opened       the whole record
--
-- Of a shielded child nothing but who they are, whatever was recorded: the legal name alone, since former ones lead to
-- where they lived. But for whoever opens the record by a right that the opening names, and that is asked here: by leave that
-- they have by name (registry_leave_of), or because the shield is overridden by this very opening, into which auditors look
-- (registry_override). NULL where there is no such child.
--
-- Records that lie under this one (docs/adr/0048) are read with it and never by themselves: their legal names as names that the
-- child is known by, too, and their present addresses as earlier ones. A shield of any of them hides all.
CREATE OR REPLACE FUNCTION registry_read(event bigint, presented text) RETURNS json LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event;
    child public.registry_child;
    shielded boolean;
    leave date;
    by_right text := '';
    kept boolean;
    opened boolean;
    records bigint[];
BEGIN
    PERFORM public.access_show_ticket(event, presented);
    ticket := public.audit_ticket();
    IF ticket.kind NOT IN ('child.opened', 'child.shown', 'involvement.read', 'shield.read') THEN
        RAISE EXCEPTION 'a child is read after the event that names them' USING ERRCODE = 'CP001';
    END IF;
    SELECT * INTO child FROM public.registry_child WHERE id = ticket.child_id;
    IF NOT FOUND OR ticket.kind = 'shield.read' AND NOT public.registry_decides_about_shield(ticket.actor_id, child) THEN
        RETURN NULL;
    END IF;
    records := public.registry_together(child.id);
    shielded := EXISTS (
        SELECT FROM public.registry_shield AS shield WHERE shield.child_id = ANY (records) AND shield.ended_on IS NULL
    );
    IF shielded AND ticket.kind = 'child.opened' THEN
        -- Leave is for one shield, and not for that of a record which lies under this one.
        leave := CASE WHEN NOT EXISTS (
            SELECT FROM public.registry_shield AS shield
            WHERE shield.child_id = ANY (records) AND shield.child_id <> child.id AND shield.ended_on IS NULL
        ) THEN public.registry_leave_of(ticket.actor_id, child.id) END;
        by_right := CASE
            -- In a call nobody has leave: two would see it.
            WHEN ticket.fields::text[] = '{shield.grant}' AND leave IS NOT NULL AND ticket.user_id IS NULL THEN 'shield.grant'
            WHEN ticket.fields::text[] = '{shield.overridden}' AND EXISTS (
                SELECT FROM public.registry_override AS one WHERE one.event_id = ticket.id AND one.child_id = child.id
            ) THEN 'shield.overridden'
            ELSE ''
        END;
    END IF;
    opened := ticket.kind = 'child.opened' AND (NOT shielded OR by_right <> '');
    kept := ticket.kind = 'involvement.read' AND NOT shielded;
    RETURN json_build_object(
        'shielded', shielded,
        'by_right', by_right,
        'leave_until', CASE WHEN by_right = 'shield.grant' THEN leave END,
        'consented_on', (
            SELECT one.given_on FROM public.registry_keeping AS one
            WHERE (opened OR kept) AND one.child_id = child.id AND one.ended_at IS NULL
        ),
        'child', json_build_object(
            'id', child.id, 'row_version', child.row_version, 'number', child.number, 'gender', child.gender,
            'date_of_birth', child.date_of_birth,
            'date_of_death', CASE WHEN opened OR kept THEN child.date_of_death END,
            'assessment', CASE WHEN opened THEN child.assessment END,
            'responsible_authority_id', CASE WHEN opened OR kept THEN child.responsible_authority_id END
        ),
        'under', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'number', row.number, 'date_of_birth', row.date_of_birth,
                'date_of_death', row.date_of_death, 'assessment', CASE WHEN opened THEN row.assessment END
            ) ORDER BY row.id)
            FROM public.registry_child AS row WHERE (opened OR kept) AND row.merged_into_id = child.id
        ),
        'names', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'details', row.details,
                'kind', CASE WHEN row.kind = 'legal' AND row.child_id <> child.id THEN 'known_as' ELSE row.kind END
            ) ORDER BY row.child_id <> child.id, row.id)
            FROM public.registry_childname AS row
            WHERE opened AND row.child_id = ANY (records) OR row.child_id = child.id AND row.kind = 'legal'
        ),
        'addresses', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'present', row.present AND row.child_id = child.id,
                'details', row.details
            ) ORDER BY row.present AND row.child_id = child.id DESC, row.id DESC)
            FROM public.registry_childaddress AS row WHERE opened AND row.child_id = ANY (records)
        ),
        'numbers', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'kind', row.kind, 'details', row.details
            ) ORDER BY row.id)
            FROM public.registry_childnumber AS row WHERE opened AND row.child_id = ANY (records)
        ),
        'guardians', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'details', row.details
            ) ORDER BY row.id)
            FROM public.registry_guardian AS row WHERE opened AND row.child_id = ANY (records)
        ),
        'said_by', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'child_id', row.child_id, 'row_version', row.row_version, 'details', row.details
            ) ORDER BY row.child_id <> child.id, row.id)
            FROM public.registry_childsaidby AS row WHERE opened AND row.child_id = ANY (records)
        ),
        'involvements', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'child_id', row.child_id, 'row_version', row.row_version, 'lead', row.lead,
                'details', row.details, 'withdrawal', row.withdrawal
            ) ORDER BY row.id)
            FROM public.registry_involvement AS row
            WHERE (opened OR kept) AND row.child_id = ANY (records) AND row.withdrawal IS NULL
        )
    );
END
$$;
