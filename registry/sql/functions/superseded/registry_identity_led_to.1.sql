-- Whether the event's session has looked that registry number up, which is committed. Who is given another identity, or had
-- one, is reached by the number on the order or on the record, and not by our ids, one after the other.
CREATE OR REPLACE FUNCTION registry_identity_led_to(event audit_event, fingerprint bytea) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.audit_event AS looked
        WHERE looked.session_id = event.session_id AND looked.child_id IS NULL AND looked.actor_id = event.actor_id
            AND looked.kind = 'identity.listed' AND looked.at > now() - interval '1 day'
            AND looked.transaction_id IS DISTINCT FROM pg_current_xact_id_if_assigned()
            AND looked.fields::text[] = ARRAY[
                'asked.' || encode(sha256(fingerprint || uuid_send(looked.request_id)), 'hex')
            ]
    )
$$;
