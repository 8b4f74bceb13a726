-- Which children of one's authorities have no education setting, by id, one page of them; and how many there are in all. The
-- ticket names the page and nobody. Those of the last month that was walked through to its end, for whom one still answers.
CREATE OR REPLACE FUNCTION registry_unplaced_page() RETURNS TABLE (child_id bigint, total bigint) LANGUAGE plpgsql
    STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
    on_a_page CONSTANT integer := 50;
BEGIN
    IF (
        ticket.kind = 'unplaced.listed' AND cardinality(ticket.shown) = 0 AND cardinality(ticket.fields) = 1
        AND ticket.fields[1] ~ '^page\.[1-9][0-9]{0,5}$'
    ) IS NOT TRUE THEN
        RAISE EXCEPTION 'the list of children without a school is recorded before it is read' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT child.id, count(*) OVER () FROM public.registry_unplaced_of(ticket.actor_id) AS child
        ORDER BY child.id LIMIT on_a_page OFFSET (substr(ticket.fields[1], 6)::integer - 1) * on_a_page;
END
$$;
