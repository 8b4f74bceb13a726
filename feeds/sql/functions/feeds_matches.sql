-- Doubtful matches that wait for somebody, as a committed event allows: of records for which their authority answers, but those
-- of which they said already what they think (match.listed); or the one that they read (match.read). Of a record that is closed
-- or lies in the archive, too: whoever decides is told no more of it than that it is. How well the row fits a shielded child is
-- not told: it would tell what is hidden.
CREATE OR REPLACE FUNCTION feeds_matches() RETURNS TABLE (
    id bigint, row_version integer, batch_id bigint, child_id bigint, code text, agreement public.sealed,
    said public.sealed, needs integer, outcome text, steps integer, source text, sent_at timestamptz, beside bigint,
    visible boolean
) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
    authorities bigint[] := public.registry_shield_authorities(ticket.actor_id);
BEGIN
    IF (ticket.kind IN ('match.listed', 'match.read')) IS NOT TRUE THEN
        RAISE EXCEPTION 'reading of doubtful matches is recorded first' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT one.id, one.row_version, one.batch_id, present.child_id, one.code::text,
            CASE WHEN ticket.kind = 'match.read' AND NOT present.shielded THEN one.agreement END::public.sealed,
            CASE ticket.kind WHEN 'match.read' THEN one.said END::public.sealed, present.needs, one.outcome::text, one.steps,
            supplier.source::text, batch.received_at,
            (
                SELECT count(*) FROM public.feeds_match AS other
                WHERE other.batch_id = one.batch_id AND other.place = one.place AND other.id <> one.id
                    AND other.applied_at IS NULL
            ),
            present.visible
        FROM public.feeds_match AS one
        CROSS JOIN LATERAL public.feeds_match_now(one.child_id, one.authority_id) AS present
        JOIN public.feeds_batch AS batch ON batch.id = one.batch_id
        JOIN public.feeds_supplier AS supplier ON supplier.id = batch.supplier_id
        WHERE one.authority_id = ANY (authorities) AND present.authority_id = ANY (authorities) AND one.outcome = ''
            AND CASE ticket.kind
                WHEN 'match.read' THEN ticket.fields::text[] = ARRAY['match.' || one.id] AND present.child_id = ticket.child_id
                ELSE NOT EXISTS (
                    SELECT FROM public.feeds_verdict AS said
                    WHERE said.match_id = one.id AND said.person_id = ticket.actor_id
                )
            END
        ORDER BY one.id LIMIT 200;
END
$$;
