-- A link is known by its fingerprint: nobody can list those, only bring one.
CREATE OR REPLACE FUNCTION access_invitation_load(presented text) RETURNS TABLE (user_id bigint, purpose text, standing text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT invitation.user_id, invitation.purpose, public.access_invitation_standing(invitation)
    FROM public.access_invitation AS invitation WHERE invitation.token_fingerprint = presented
$$;
