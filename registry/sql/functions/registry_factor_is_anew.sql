-- Whether the session's second factor was shown for overriding this child's shield and for nothing before: after who the child
-- is was read, which is committed, within the last hour; and that after whatever this session has overridden until now.
CREATE OR REPLACE FUNCTION registry_factor_is_anew(session bigint, child bigint) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.access_session AS live
        JOIN public.audit_event AS warned ON warned.session_id = live.id AND warned.actor_id = live.user_id
        WHERE live.id = session AND warned.child_id = child AND warned.kind = 'child.shown'
            AND warned.transaction_id IS DISTINCT FROM pg_current_xact_id_if_assigned()
            AND warned.at > now() - interval '1 hour' AND warned.at < live.confirmed_at
            -- A minute longer than the pages let them, as for each decision.
            AND live.confirmed_at > clock_timestamp() - interval '6 minutes'
            AND NOT EXISTS (
                SELECT FROM public.registry_override AS before
                WHERE before.session_id = live.id AND before.at >= warned.at
            )
    )
$$;
