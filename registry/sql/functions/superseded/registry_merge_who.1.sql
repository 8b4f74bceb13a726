-- One of two records that are compared, as a committed merge.read says which: what tells whether they are one child's. No
-- service of any kind, which nobody needs for it. Where either is shielded, or lies with one that is, nothing but who each child
-- is: else the second record would tell of the first. NULL unless both are for this reader to compare. Of so many records an
-- hour, and a day, as a practitioner may open; counted by the events, which are committed.
CREATE OR REPLACE FUNCTION registry_merge_who() RETURNS json LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
    child public.registry_child;
    other public.registry_child;
    opened boolean;
    in_hour bigint;
    in_day bigint;
BEGIN
    IF (ticket.kind = 'merge.read') IS NOT TRUE THEN
        RAISE EXCEPTION 'comparing two records is recorded first' USING ERRCODE = 'CP001';
    END IF;
    SELECT * INTO child FROM public.registry_child WHERE id = ticket.child_id;
    SELECT * INTO other FROM public.registry_child WHERE id = public.registry_merge_beside(ticket, 'beside');
    IF (
        child.id <> other.id AND public.registry_merge_led_to(ticket, child, other.id)
        AND public.registry_merge_led_to(ticket, other, child.id)
    ) IS NOT TRUE THEN
        RETURN NULL;
    END IF;
    SELECT count(DISTINCT event.child_id) FILTER (WHERE event.at > now() - interval '1 hour'), count(DISTINCT event.child_id)
        INTO in_hour, in_day FROM public.audit_event AS event
        WHERE event.actor_id = ticket.actor_id AND event.kind = 'merge.read' AND event.at > now() - interval '1 day';
    IF in_hour > 60 OR in_day > 200 THEN
        RAISE EXCEPTION 'records: %', CASE WHEN in_hour > 60 THEN '60 an hour' ELSE '200 a day' END
            USING ERRCODE = 'CP002', DETAIL = ticket.actor_id;
    END IF;
    opened := NOT public.registry_shielded_together(child.id) AND NOT public.registry_shielded_together(other.id);
    RETURN json_build_object(
        'shielded', NOT opened,
        'own_shield', public.registry_shielded_together(child.id),
        'lies_under', child.merged_into_id = other.id IS TRUE,
        'holds_others', cardinality(public.registry_together(child.id)) > 1,
        'child', json_build_object(
            'id', child.id, 'row_version', child.row_version, 'number', child.number, 'gender', child.gender,
            'date_of_birth', child.date_of_birth, 'date_of_death', CASE WHEN opened THEN child.date_of_death END,
            'assessment', NULL, 'responsible_authority_id', NULL
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
        'involvements', NULL
    );
END
$$;
