-- Whether the event's session has looked that registry number up, which is committed. Who is given another identity, or had
-- one, is reached by the number on the order or on the record, and not by our ids, one after the other.
CREATE OR REPLACE FUNCTION registry_identity_led_to(event audit_event, fingerprint bytea) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.registry_number_led_to(event, 'identity.listed', fingerprint)
$$;
