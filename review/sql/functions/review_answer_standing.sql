-- How the record of an answer stands: shielded, kept, or gone. An answer tells where a child lives, and whoever prepares one
-- must know. Only of a record with which people of the answer's authority had to do; otherwise, and of an answer that leads
-- to no record, nothing. Of a record that lies under another, as that other stands.
CREATE OR REPLACE FUNCTION review_answer_standing(answer bigint) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    about public.review_answer := public.review_answer_to_read(answer);
    record bigint := public.registry_stays_of(about.child_id);
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.review_events_of_record(about.child_id) AS event WHERE event.authority_id = about.authority_id
    ) THEN
        RETURN NULL;
    END IF;
    RETURN CASE
        WHEN NOT EXISTS (SELECT FROM public.registry_child AS child WHERE child.id = record) THEN 'gone'
        WHEN public.registry_shielded_together(record) THEN 'shielded'
        ELSE 'kept'
    END;
END
$$;
