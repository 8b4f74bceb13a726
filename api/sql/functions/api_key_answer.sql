-- Notes what came of the entry that a key was taken for: once. Without an involvement nothing did, and the key is free again.
CREATE OR REPLACE FUNCTION api_key_answer(presented text, involvement bigint, version integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF involvement IS NULL THEN
        DELETE FROM public.api_idempotency WHERE key_fingerprint = presented AND involvement_id IS NULL;
    ELSE
        UPDATE public.api_idempotency SET involvement_id = involvement, row_version = version
            WHERE key_fingerprint = presented AND involvement_id IS NULL;
    END IF;
END
$$;
