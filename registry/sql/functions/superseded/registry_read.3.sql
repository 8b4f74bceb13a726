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
    shielded := EXISTS (
        SELECT FROM public.registry_shield AS shield WHERE shield.child_id = child.id AND shield.ended_on IS NULL
    );
    IF shielded AND ticket.kind = 'child.opened' THEN
        leave := public.registry_leave_of(ticket.actor_id, child.id);
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
        'child', json_build_object(
            'id', child.id, 'row_version', child.row_version, 'number', child.number, 'gender', child.gender,
            'date_of_birth', child.date_of_birth,
            'date_of_death', CASE WHEN opened OR kept THEN child.date_of_death END,
            'assessment', CASE WHEN opened THEN child.assessment END,
            'responsible_authority_id', CASE WHEN opened OR kept THEN child.responsible_authority_id END
        ),
        'names', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'kind', row.kind, 'details', row.details
            ) ORDER BY row.id)
            FROM public.registry_childname AS row WHERE row.child_id = child.id AND (row.kind = 'legal' OR opened)
        ),
        'addresses', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'present', row.present, 'details', row.details
            ) ORDER BY row.present DESC, row.id DESC)
            FROM public.registry_childaddress AS row WHERE opened AND row.child_id = child.id
        ),
        'numbers', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'kind', row.kind, 'details', row.details
            ) ORDER BY row.id)
            FROM public.registry_childnumber AS row WHERE opened AND row.child_id = child.id
        ),
        'guardians', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'details', row.details
            ) ORDER BY row.id)
            FROM public.registry_guardian AS row WHERE opened AND row.child_id = child.id
        ),
        'involvements', (
            SELECT json_agg(json_build_object(
                'id', row.id, 'row_version', row.row_version, 'lead', row.lead, 'details', row.details,
                'withdrawal', row.withdrawal
            ) ORDER BY row.id)
            FROM public.registry_involvement AS row
            WHERE (opened OR kept) AND row.child_id = child.id AND row.withdrawal IS NULL
        )
    );
END
$$;
