-- Whether the administrator of this event may compare a record of their authority with another: the event's session has looked
-- its registry number up, which is committed; or that the two be one, or be parted, is asked for, or they lie together.
CREATE OR REPLACE FUNCTION registry_merge_led_to(event audit_event, child registry_child, beside bigint) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (
            child.responsible_authority_id = ANY (public.registry_shield_authorities(event.actor_id))
            OR coalesce(child.merged_into_id = beside, false) -- whoever answers for the one that stays answers for both
        )
        AND NOT public.registry_identity_goes_on(child.id)
        AND (
            EXISTS (
                SELECT FROM public.audit_event AS looked
                WHERE looked.session_id = event.session_id AND looked.child_id IS NULL AND looked.actor_id = event.actor_id
                    AND looked.kind = 'merge.listed' AND looked.at > now() - interval '1 day'
                    AND looked.transaction_id IS DISTINCT FROM pg_current_xact_id_if_assigned()
                    AND looked.fields::text[] = ARRAY[
                        'asked.' || encode(sha256(child.number_fingerprint || uuid_send(looked.request_id)), 'hex')
                    ]
            ) OR EXISTS (
                SELECT FROM public.registry_mergerequest AS one
                WHERE (one.child_id, one.into_id) IN ((child.id, beside), (beside, child.id))
                    AND one.outcome <> 'refused' AND one.until IS NULL AND (one.done_at IS NULL OR NOT one.parts)
            )
        )
$$;
