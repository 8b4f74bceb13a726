-- How many people of which organisation came upon each of these children by searching, in that time: those to whom a
-- search showed the child first or second. Further down stands whoever has a common name. Here, since a condition on a
-- list may not use its index under a policy.
CREATE OR REPLACE FUNCTION review_sought(children bigint[], since timestamptz, until timestamptz)
    RETURNS TABLE (child_id bigint, organisation_id bigint, people bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT sought.child, event.organisation_id, count(DISTINCT event.actor_id)
    FROM unnest(children) AS sought (child)
    JOIN public.audit_event AS event ON event.shown @> ARRAY[sought.child] AND event.kind IN ('child.listed', 'child.recalled')
    WHERE event.kind = 'child.listed' AND event.at >= since AND event.at < until
        AND sought.child = ANY (event.shown[1:2]) AND event.organisation_id IS NOT NULL
    GROUP BY sought.child, event.organisation_id
$$;
