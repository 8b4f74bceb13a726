-- The one way in which a session becomes somebody's, so that none does without its event. Whoever is being given a new
-- sign-in in this very moment is waited for: from then on their old one opens nothing.
CREATE OR REPLACE FUNCTION access_sign_in(presented text, told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF told ->> 'kind' <> 'sign_in.succeeded' THEN
        RAISE EXCEPTION 'a session begins with a sign-in' USING ERRCODE = 'CP001';
    END IF;
    PERFORM FROM public.access_user WHERE id = (told ->> 'actor_id')::bigint FOR KEY SHARE;
    IF public.access_awaits_new_sign_in((told ->> 'actor_id')::bigint) THEN
        RAISE EXCEPTION 'a new sign-in waits for this user' USING ERRCODE = 'CP001';
    END IF;
    UPDATE public.access_session SET user_id = (told ->> 'actor_id')::bigint
        WHERE key_fingerprint = presented AND user_id IS NULL;
    RETURN public.audit_record(presented, told);
END
$$;
