-- The summaries of the children whom a draw led to, once it is committed.
CREATE OR REPLACE FUNCTION search.drawn(event bigint, presented text, which integer)
    RETURNS TABLE (child_id bigint, row_version integer, summary public.sealed)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    draw search.draw;
BEGIN
    PERFORM public.access_show_ticket(event, presented);
    SELECT * INTO draw FROM search.draw AS made
        WHERE made.event_id = event AND made.number = which
            AND made.drawn_in IS NOT NULL AND made.drawn_in IS DISTINCT FROM pg_current_xact_id_if_assigned();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'what a search leads to is noted before it is shown' USING ERRCODE = 'CP001';
    ELSIF draw.over_budget IS NOT NULL THEN
        RAISE EXCEPTION '%', draw.over_budget USING ERRCODE = 'CP002', DETAIL = draw.whose_budget;
    END IF;
    RETURN QUERY
        SELECT child.id, child.row_version, child.summary FROM public.registry_child AS child
        WHERE child.id = ANY (draw.ids);
END
$$;
