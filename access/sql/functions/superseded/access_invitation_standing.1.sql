CREATE OR REPLACE FUNCTION access_invitation_standing(invitation access_invitation) RETURNS text LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN invitation.used_at IS NOT NULL THEN 'used'
        WHEN EXISTS (
            SELECT FROM public.access_invitation AS newer
            WHERE newer.user_id = invitation.user_id AND newer.id > invitation.id
        ) THEN 'replaced'
        WHEN invitation.expires_at <= clock_timestamp() THEN 'expired'
        WHEN (SELECT state FROM public.access_user WHERE id = invitation.user_id) NOT IN ('invited', 'joining')
            THEN 'withdrawn'
        ELSE ''
    END
$$;
