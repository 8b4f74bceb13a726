-- Whether whoever takes the step of this event answers for the record that stays, and has read both in this very session, side
-- by side, which is committed.
CREATE OR REPLACE FUNCTION registry_merge_compared(event audit_event, stays registry_child, beside bigint) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT stays.responsible_authority_id = ANY (public.registry_shield_authorities(event.actor_id)) AND (
        SELECT count(DISTINCT looked.child_id) = 2 FROM public.audit_event AS looked
        WHERE looked.session_id = event.session_id AND looked.child_id IN (stays.id, beside)
            AND looked.actor_id = event.actor_id AND looked.kind = 'merge.read'
            AND looked.transaction_id <> event.transaction_id AND looked.at > now() - interval '1 day'
            AND looked.fields::text[] = ARRAY[
                'beside.' || CASE WHEN looked.child_id = stays.id THEN beside ELSE stays.id END
            ]
    )
$$;
