-- How the record of an answer stands: shielded, kept, or gone. An answer tells where a child lives, and whoever prepares one
-- must know. Only of a record with which people of the answer's authority had to do; otherwise, and of an answer that leads
-- to no record, nothing.
CREATE OR REPLACE FUNCTION review_answer_standing(answer bigint) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    about public.review_answer := public.review_answer_to_read(answer);
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.review_events_of_record(about.child_id) AS event WHERE event.authority_id = about.authority_id
    ) THEN
        RETURN NULL;
    END IF;
    RETURN CASE
        WHEN NOT EXISTS (SELECT FROM public.registry_child AS child WHERE child.id = about.child_id) THEN 'gone'
        WHEN EXISTS (
            SELECT FROM public.registry_shield AS shield WHERE shield.child_id = about.child_id AND shield.ended_on IS NULL
        ) THEN 'shielded'
        ELSE 'kept'
    END;
END
$$;
