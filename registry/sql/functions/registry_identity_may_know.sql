-- Whether the administrator of this event may be told who a child of their authority is, for whom a new identity is or may be
-- asked for: one about whose shield they decide, or whose number they looked up.
CREATE OR REPLACE FUNCTION registry_identity_may_know(event audit_event, child registry_child) RETURNS boolean LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.registry_decides_about_shield(event.actor_id, child) OR (
        child.responsible_authority_id = ANY (public.registry_shield_authorities(event.actor_id))
        AND public.registry_identity_led_to(event, child.number_fingerprint)
    )
$$;
