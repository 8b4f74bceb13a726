-- All parts of the batch are there: what they come to. Returns whether it is new; what was sent before is not taken again, and
-- the transaction is to be rolled back.
CREATE OR REPLACE FUNCTION feeds_batch_end(batch bigint, told_checksum bytea, told_size bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM public.feeds_batch_of_this_transaction(batch);
    IF told_size < 1 OR octet_length(told_checksum) <> 16 THEN
        RAISE EXCEPTION 'a batch has a size and a checksum' USING ERRCODE = 'check_violation';
    END IF;
    UPDATE public.feeds_batch SET checksum = told_checksum, size = told_size WHERE id = batch;
    RETURN true;
EXCEPTION WHEN unique_violation THEN
    RETURN false;
END
$$;
