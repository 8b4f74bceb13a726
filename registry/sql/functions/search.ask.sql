-- What a search asks for is noted first, of a person whose ticket says that they search. Nothing is looked up: whoever rolls
-- this back has learnt nothing. Of the epoch whose tokens are asked: the one that serves, or the one before it, for a
-- search that had begun. Returns the number under which search.draw finds it.
--
-- `asked` leads to each child who has one of it, `corroborated` to each who has one of it and is shielded, or has one of
-- `beside` as well, which leads to nobody.
CREATE OR REPLACE FUNCTION search.ask(
    event bigint, presented text, asked integer[], of_epoch integer DEFAULT NULL,
    corroborated integer[] DEFAULT '{}', beside integer[] DEFAULT '{}'
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    searched public.audit_event;
    its_epoch integer;
    its_number integer;
BEGIN
    PERFORM public.access_show_ticket(event, presented);
    searched := public.audit_ticket();
    IF searched.kind <> 'child.searched' THEN
        RAISE EXCEPTION 'a search is recorded before it is made' USING ERRCODE = 'CP001';
    END IF;
    IF (cardinality(asked) + cardinality(corroborated) <= 300 AND cardinality(beside) <= 1500) IS NOT TRUE THEN
        RAISE EXCEPTION 'a search asks for at most 300 tokens, beside 1500' USING ERRCODE = 'program_limit_exceeded';
    END IF;
    SELECT number INTO its_epoch FROM search.epoch
        WHERE state = 'serving' AND of_epoch IS NULL OR state IN ('serving', 'retired') AND number = of_epoch;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no search index of that epoch serves' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    SELECT 1 + count(*) INTO its_number FROM search.draw WHERE event_id = searched.id;
    INSERT INTO search.draw (event_id, number, epoch, asked, corroborated, beside, asked_in, asked_at) VALUES (
        searched.id, its_number, its_epoch, asked, corroborated, beside, pg_current_xact_id(), clock_timestamp()
    );
    RETURN its_number;
END
$$;
