-- Whether the administrator of this event may be told that a record of their authority is kept by consent, and change it: one
-- who looked its number up, in this session, which is committed.
CREATE OR REPLACE FUNCTION registry_keeping_may_know(event audit_event, child registry_child) RETURNS boolean LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT child.responsible_authority_id = ANY (public.registry_shield_authorities(event.actor_id))
        AND public.registry_identity_led_to(event, child.number_fingerprint)
$$;
