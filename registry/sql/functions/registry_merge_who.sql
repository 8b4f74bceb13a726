-- One of two records that are compared, as a committed merge.read says which: what tells whether they are one child's. No
-- service of any kind, which nobody needs for it. Where either is shielded, or lies with one that is, nothing but who each child
-- is: else the second record would tell of the first. NULL unless both are for this reader to compare. Each event is
-- charged where it is recorded (access_charge_event).
CREATE OR REPLACE FUNCTION registry_merge_who() RETURNS json LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
    child public.registry_child;
    other public.registry_child;
    opened boolean;
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
    opened := NOT public.registry_shielded_together(child.id) AND NOT public.registry_shielded_together(other.id);
    RETURN (public.registry_compared(child, opened)::jsonb || jsonb_build_object(
        'own_shield', public.registry_shielded_together(child.id),
        'lies_under', child.merged_into_id = other.id IS TRUE,
        'holds_others', cardinality(public.registry_together(child.id)) > 1,
        'offered', EXISTS (
            SELECT FROM public.registry_handover AS one WHERE one.child_id = child.id AND one.outcome = ''
        ),
        'of_one_authority', child.responsible_authority_id = other.responsible_authority_id
    ))::json;
END
$$;
