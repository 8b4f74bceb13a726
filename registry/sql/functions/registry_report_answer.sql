-- What came of a report, as this transaction's event says: that its source was told, which leaves it open, or how it ended.
-- `seen` is how many steps the page knew of. Returns whether it was taken: not where somebody else was faster, or it closed by
-- itself.
CREATE OR REPLACE FUNCTION registry_report_answer(which bigint, seen integer) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    event public.audit_event := public.registry_shield_event('{report.answered}');
    found public.registry_report;
BEGIN
    IF event.id IS NULL OR (event.fields::text[] = ARRAY['reported.' || which]) IS NOT TRUE THEN
        RAISE EXCEPTION 'what came of a report is recorded in its transaction' USING ERRCODE = 'CP001';
    END IF;
    -- Locked before it is asked whose it is: what closes it by itself has the lock until then.
    SELECT * INTO found FROM public.registry_report AS one WHERE one.id = which FOR UPDATE;
    IF found.closed_at IS NOT NULL AND event.child_id IN (found.child_id, public.registry_stays_of(found.child_id)) THEN
        RETURN false;
    END IF;
    IF NOT EXISTS (
            SELECT FROM public.registry_reports_of(public.registry_shield_authorities(event.actor_id)) AS whose
            WHERE whose.report_id = which AND whose.stays_id = event.child_id
        )
        OR EXISTS (
            SELECT FROM public.registry_reporter AS own WHERE own.report_id = which AND own.person_id = event.actor_id
        )
    THEN
        RAISE EXCEPTION 'this report is not for this user to answer' USING ERRCODE = 'CP004';
    END IF;
    IF found.steps IS DISTINCT FROM seen OR event.reason = 'source_told' AND found.told_at IS NOT NULL THEN
        RETURN false;
    END IF;
    UPDATE public.registry_report AS one SET
        steps = one.steps + 1,
        told_at = CASE event.reason WHEN 'source_told' THEN clock_timestamp() ELSE one.told_at END,
        told_by_id = CASE event.reason WHEN 'source_told' THEN event.actor_id ELSE one.told_by_id END,
        outcome = CASE event.reason WHEN 'source_told' THEN '' ELSE event.reason END,
        closed_at = CASE event.reason WHEN 'source_told' THEN NULL ELSE clock_timestamp() END,
        closed_by_id = CASE event.reason WHEN 'source_told' THEN NULL ELSE event.actor_id END
        WHERE one.id = which;
    RETURN true;
END
$$;
