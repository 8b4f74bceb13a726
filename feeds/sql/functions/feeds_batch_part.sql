-- Adds a part, locked for the worker, to a batch that this very transaction began.
CREATE OR REPLACE FUNCTION feeds_batch_part(batch bigint, place integer, content public.sealed) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM public.feeds_batch_of_this_transaction(batch);
    INSERT INTO public.feeds_chunk (batch_id, place, content) VALUES (batch, place, content);
END
$$;
