-- A child is taken out of search in the transaction that begins a shield: out of each index that lives, under whatever it was
-- filed. The worker files it anew under what is visible. Locked first, so that it does not file just now what it read before.
-- Until then the row has tokens at random, as padding has: nothing of the child leads to them.
CREATE OR REPLACE FUNCTION registry_shield_begun() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    living record;
BEGIN
    PERFORM FROM public.registry_child WHERE id = NEW.child_id FOR UPDATE;
    FOR living IN SELECT number, bits FROM search.living() LOOP
        PERFORM search.put(living.number, ARRAY[NEW.child_id], ARRAY[32], ARRAY(
            SELECT floor(random() * (1::bigint << living.bits))::integer FROM generate_series(1, 32) ORDER BY 1
        ));
    END LOOP;
    RETURN NULL;
END
$$;
