-- The one way in which the web role withdraws anything, and there is no way back: only the involvement of the child whose
-- withdrawal, with its reason, this transaction has recorded, and only as it was read. By a function, since what a policy
-- hides afterwards cannot be changed under that policy.
CREATE OR REPLACE FUNCTION registry_involvement_withdraw(withdrawn bigint, version integer, told sealed) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.registry_involvement SET lead = false, withdrawal = told
        WHERE id = withdrawn AND row_version = version AND withdrawal IS NULL
            AND child_id = ANY (public.registry_children_to_keep()) AND public.registry_child_to_keep() = (
                SELECT event.child_id FROM public.audit_event AS event
                WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
                    AND event.kind = 'involvement.withdrawn' AND event.actor_id IS NOT NULL AND event.reason <> ''
                ORDER BY event.id DESC LIMIT 1
            );
    RETURN FOUND;
END
$$;
