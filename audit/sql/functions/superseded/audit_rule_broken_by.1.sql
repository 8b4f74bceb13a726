CREATE OR REPLACE FUNCTION audit_rule_broken_by(event audit_event) RETURNS text LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN CASE
        WHEN event.kind IN (
                'alert.raised', 'child.added', 'child.listed', 'child.opened', 'child.searched', 'child.shown',
                'involvement.corrected', 'involvement.ended', 'involvement.read', 'involvement.recorded',
                'log.closed', 'log.heartbeat', 'log.maintained', 'log.read', 'access.refused',
                'second_factor.added', 'second_factor.failed', 'second_factor.removed', 'sign_in.failed',
                'sign_in.locked', 'sign_in.succeeded', 'sign_out.done', 'user.added', 'user.password_changed',
                'people.listed'
            ) IS NOT TRUE THEN 'audit_event_kind_is_known'
        WHEN (event.actor_id IS NULL) <> (event.process <> '') THEN 'audit_event_has_actor_or_process'
        WHEN event.kind = 'child.opened' AND (event.child_id IS NULL OR event.reason = '')
            THEN 'audit_event_opening_names_child_and_reason'
        -- What joins the fields of the canonical line must not stand in one of them.
        WHEN concat(event.outcome, event.process, event.role, event.reason, array_to_string(event.fields, ''))
            !~ '^[a-z0-9_.-]*$' THEN 'audit_event_holds_codes'
        WHEN array_position(event.shown, NULL) IS NOT NULL OR array_position(event.fields, NULL) IS NOT NULL
            OR array_position(event.voided, NULL) IS NOT NULL THEN 'audit_event_lists_are_whole'
        WHEN (octet_length(event.authentication) = 16 AND event.number > 0) IS NOT TRUE
            THEN 'audit_event_is_authenticated'
    END;
END
$$;
