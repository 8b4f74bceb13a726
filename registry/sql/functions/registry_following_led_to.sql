-- The following that is known by this reference, to whoever shows the session of a system: of which record, so that its end can
-- be recorded. References cannot be listed, only brought.
CREATE OR REPLACE FUNCTION registry_following_led_to(presented bytea)
    RETURNS TABLE (id bigint, row_version integer, child_id bigint, details sealed) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT one.id, one.row_version, one.child_id, one.details FROM public.registry_following AS one
    WHERE one.reference = presented AND EXISTS (
        SELECT FROM public.access_session AS session
        WHERE session.id = public.access_shown('session') AND session.system_id IS NOT NULL
            AND session.expires_at > clock_timestamp()
    )
$$;
