-- Whether the administrator of this event may be told who a child is whose record is offered or is to be. Of their own
-- authority: once they looked its number up, or where it is offered. Of another: where it is offered to theirs, and no new
-- identity is asked for, which is told nobody there: to them it is then as if the offer had been withdrawn.
CREATE OR REPLACE FUNCTION registry_handover_may_know(event audit_event, child registry_child) RETURNS boolean LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN child.responsible_authority_id = ANY (own.authorities) THEN
        public.registry_handover_led_to(event, child.number_fingerprint) OR EXISTS (
            SELECT FROM public.registry_handover AS one WHERE one.child_id = child.id AND one.outcome = ''
        )
    ELSE
        NOT public.registry_identity_goes_on(child.id) AND EXISTS (
            SELECT FROM public.registry_handover AS one
            WHERE one.child_id = child.id AND one.outcome = '' AND one.to_id = ANY (own.authorities)
        )
    END
    FROM (SELECT public.registry_shield_authorities(event.actor_id) AS authorities) AS own
$$;
