-- The same session under a new key, as after a sign-in: whoever knew the old one knows nothing now.
CREATE OR REPLACE FUNCTION access_session_rekey(presented text, replacement text, contents sealed)
    RETURNS bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE public.access_session SET key_fingerprint = replacement, contents = $3
    WHERE key_fingerprint = presented AND expires_at > clock_timestamp() RETURNING id
$$;
