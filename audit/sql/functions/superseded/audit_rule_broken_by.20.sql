-- What an event must say, asked once, where every event comes in, and not by constraints of the table: PostgreSQL
-- prepares those anew for each statement, which took a quarter of the time of recording (docs/adr/0013). Errors name
-- the rule as constraints do.
CREATE OR REPLACE FUNCTION audit_rule_broken_by(event audit_event) RETURNS text LANGUAGE plpgsql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN CASE
        WHEN event.kind IN (
                'alert.closed', 'alert.raised', 'alert.taken', 'answer.begun', 'answer.closed', 'answer.confirmed',
                'answer.made', 'answer.released', 'answer.returned',
                'archive.asked', 'archive.given', 'archive.listed', 'archive.opened', 'archive.refused',
                'batch.checked', 'batch.committed', 'batch.done', 'batch.listed', 'batch.received', 'batch.refused',
                'batch.returned', 'batch.undone', 'child.changed', 'child.kept', 'child.kept_no_more',
                'child.merged', 'child.parted', 'handover.accepted', 'handover.declined', 'handover.listed',
                'handover.offered', 'handover.read', 'handover.withdrawn', 'match.decided', 'match.listed',
                'match.read', 'merge.approved', 'merge.asked', 'merge.listed', 'merge.part_approved',
                'merge.part_asked', 'merge.read', 'merge.refused', 'supplier.added', 'supplier.changed',
                'report.answered', 'report.closed', 'report.listed', 'report.made', 'report.read', 'unplaced.listed',
                'case.agreed', 'case.answered', 'case.asked', 'case.closed', 'case.decided', 'case.heard', 'case.judged',
                'case.reminded', 'case.returned', 'case.taken', 'child.added', 'child.archived', 'child.destroyed', 'child.listed',
                'child.opened', 'child.recalled', 'child.searched', 'child.shown', 'cohort.destroyed',
                'involvement.corrected', 'involvement.ended', 'involvement.read', 'involvement.recorded', 'involvement.withdrawn',
                'connection.asked', 'connection.closed', 'connection.listed', 'connection.noted', 'connection.read',
                'directory.taken_in', 'escrow.asked', 'escrow.opened', 'escrow.refused',
                'identity.approved', 'identity.asked', 'identity.listed', 'identity.read', 'identity.refused',
                'identity.severed',
                'log.closed', 'log.heartbeat', 'log.maintained', 'log.read', 'access.refused',
                'second_factor.added', 'second_factor.failed', 'second_factor.removed',
                'shield.approved', 'shield.asked', 'shield.decided', 'shield.grant_asked', 'shield.grant_refused',
                'shield.grant_taken', 'shield.granted', 'shield.lift_asked', 'shield.lift_refused', 'shield.lifted',
                'shield.listed', 'shield.overridden', 'shield.read', 'shield.returned', 'shield.reviewed', 'shield.spread',
                'sign_in.failed',
                'sign_in.locked', 'sign_in.succeeded', 'sign_out.done', 'user.added', 'user.password_changed',
                'people.listed', 'session.ended', 'feed.received', 'grant.given', 'grant.taken', 'history.read',
                'mediation.begun', 'mediation.ended', 'organisation.accredited', 'organisation.changed',
                'organisation.read', 'stop.begun', 'stop.lifted', 'system.accredited', 'system.allowed',
                'system.asked', 'system.revoked', 'system.token_ended', 'system.token_given', 'user.agreed',
                'user.approved', 'user.asked', 'user.declined', 'user.invited', 'user.joined', 'user.left',
                'user.read', 'user.reinstated', 'user.rejoined', 'user.reminded', 'user.revoked',
                'user.role_changed', 'user.sign_in_asked', 'user.sign_in_renewed', 'user.sign_in_reset',
                'user.suspended', 'user.vetted', 'user.withdrawn'
            ) IS NOT TRUE THEN 'audit_event_kind_is_known'
        WHEN (event.actor_id IS NULL) <> (event.process <> '') THEN 'audit_event_has_actor_or_process'
        WHEN event.kind = 'child.opened' AND (event.child_id IS NULL OR event.reason = '')
            THEN 'audit_event_opening_names_child_and_reason'
        WHEN event.outcome IN (
                'done', 'no_match', 'too_many', 'not_found', 'not_permitted', 'not_vetted', 'over_budget',
                'session_ended', 'wrong_state', 'wrong_password', 'wrong_code'
            ) IS NOT TRUE THEN 'audit_event_outcome_is_known'
        -- What allows something was done, and so it is told: nobody reads or decides by what they call refused or in vain.
        WHEN event.outcome <> 'done' AND (cardinality(event.shown) > 0 OR event.kind NOT IN (
                'access.refused', 'child.listed', 'second_factor.failed', 'sign_in.failed', 'sign_in.locked'
            )) THEN 'audit_event_was_done'
        WHEN event.kind = 'alert.raised'
            AND event.reason IN (
                'over_budget', 'unsealed', 'not_ours', 'removed', 'unrecorded', 'unpublished', 'unwitnessed',
                'urgent_case', 'unexamined', 'overridden', 'escrow_opened', 'unconfirmed'
            ) IS NOT TRUE
            THEN 'audit_event_alert_is_known'
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
