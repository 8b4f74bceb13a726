-- A record that is closed, archived or put under another is out of search in the same transaction, in each index that lives: the
-- row has tokens at random, as padding has. Nothing of it can be compared any more, and nobody opens one that is closed or
-- archived again by taking the word back. Records that lie together are parted first: none is closed or archived for both.
CREATE OR REPLACE FUNCTION registry_child_closed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    living record;
BEGIN
    IF OLD.severed AND NOT NEW.severed THEN
        RAISE EXCEPTION 'a closed record stays closed' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.archived AND NOT NEW.archived THEN
        RAISE EXCEPTION 'what lies in the archive stays there' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.severed OR NEW.archived)
        AND (NEW.merged_into_id IS NOT NULL OR cardinality(public.registry_together(NEW.id)) > 1)
    THEN
        RAISE EXCEPTION 'records that lie together are parted first' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.severed OR NEW.archived OR NEW.merged_into_id IS NOT NULL THEN
        FOR living IN SELECT number, bits FROM search.living() LOOP
            PERFORM search.put(living.number, ARRAY[NEW.id], ARRAY[32], ARRAY(
                SELECT floor(random() * (1::bigint << living.bits))::integer FROM generate_series(1, 32) ORDER BY 1
            ));
        END LOOP;
        DELETE FROM public.registry_childtraits WHERE child_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
