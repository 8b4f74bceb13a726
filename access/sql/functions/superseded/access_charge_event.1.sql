CREATE OR REPLACE FUNCTION access_charge_event(event audit_event) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    CASE event.kind
        WHEN 'child.searched' THEN PERFORM public.access_charge(event.actor_id, event.role, 'searches', 1);
        WHEN 'child.opened' THEN PERFORM public.access_charge(event.actor_id, event.role, 'records', 1);
        WHEN 'child.shown', 'involvement.read' THEN
            PERFORM public.access_charge(event.actor_id, event.role, 'identities', 1);
        WHEN 'child.listed' THEN
            PERFORM public.access_charge(event.actor_id, event.role, 'identities', cardinality(event.shown));
        ELSE NULL;
    END CASE;
END
$$;
