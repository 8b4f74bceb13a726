-- The one way in which a session becomes somebody's, so that none does without its event.
CREATE OR REPLACE FUNCTION access_sign_in(presented text, told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF told ->> 'kind' <> 'sign_in.succeeded' THEN
        RAISE EXCEPTION 'a session begins with a sign-in' USING ERRCODE = 'CP001';
    END IF;
    UPDATE public.access_session SET user_id = (told ->> 'actor_id')::bigint
        WHERE key_fingerprint = presented AND user_id IS NULL;
    RETURN public.audit_record(presented, told);
END
$$;
