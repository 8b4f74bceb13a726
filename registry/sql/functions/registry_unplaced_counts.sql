-- How many children without an education setting one's authorities had in each month, with the ticket of the list.
CREATE OR REPLACE FUNCTION registry_unplaced_counts() RETURNS TABLE (month date, children bigint) LANGUAGE plpgsql
    STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket public.audit_event := public.audit_ticket();
BEGIN
    IF (ticket.kind = 'unplaced.listed') IS NOT TRUE THEN
        RAISE EXCEPTION 'the list of children without a school is recorded before it is read' USING ERRCODE = 'CP001';
    END IF;
    RETURN QUERY
        SELECT walked.month, coalesce(sum(one.children), 0)::bigint FROM public.registry_unplacedmonth AS walked
        LEFT JOIN public.registry_unplacedcount AS one ON one.month = walked.month
            AND one.authority_id = ANY (public.registry_shield_authorities(ticket.actor_id))
        WHERE walked.done_at IS NOT NULL GROUP BY walked.month ORDER BY walked.month DESC LIMIT 12;
END
$$;
