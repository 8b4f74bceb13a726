-- Whether somebody else than one administrator, since an approval was asked for, recorded evidence that still stands.
-- Whoever lets somebody in never has the only part in it (ADR 22), and what another recorded before is no part in undoing
-- a suspension. Asked by the guard of a person's state, and by the pages that say who can decide.
CREATE OR REPLACE FUNCTION access_vetted_by_another(asked bigint, than bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_approval AS approval
        JOIN public.access_vettingitem AS item ON item.user_id = approval.user_id
        -- An item knows the day of the check and not of its recording; the log does.
        JOIN public.audit_event AS event ON event.user_id = approval.user_id AND event.at >= approval.asked_at
            AND event.kind = 'user.vetted' AND event.actor_id = item.recorded_by_id AND event.fields[1] = item.kind
        WHERE approval.id = asked AND item.recorded_by_id NOT IN (approval.user_id, than)
    )
$$;
