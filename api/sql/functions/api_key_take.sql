-- Takes a key for an entry, once: `fresh` to whoever is the first to bring it. Whoever brings it again is told whether it is
-- for the same entry, and what came of that, if anything did yet. Keys cannot be listed, only brought; and nobody brings one
-- without a live session.
CREATE OR REPLACE FUNCTION api_key_take(presented text, asked text)
    RETURNS TABLE (fresh boolean, same boolean, involvement bigint, version integer) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF public.access_shown_person() IS NULL THEN
        RAISE EXCEPTION 'no live session is shown' USING ERRCODE = 'CP001';
    END IF;
    INSERT INTO public.api_idempotency (key_fingerprint, asked_fingerprint) VALUES (presented, asked)
        ON CONFLICT (key_fingerprint) DO NOTHING;
    IF FOUND THEN
        RETURN QUERY SELECT true, true, NULL::bigint, NULL::integer;
    ELSE
        RETURN QUERY SELECT false, kept.asked_fingerprint = asked, kept.involvement_id, kept.row_version
            FROM public.api_idempotency AS kept WHERE kept.key_fingerprint = presented;
    END IF;
END
$$;
