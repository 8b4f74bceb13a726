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
        WHEN NOT EXISTS (
            SELECT FROM public.access_user AS person
            WHERE person.id = invitation.user_id AND CASE invitation.purpose
                WHEN 'reset' THEN person.state IN ('joining', 'active') AND invitation.asked_at >= person.state_at
                    AND NOT public.access_is_stopped(person.id, person.organisation_id)
                ELSE person.state IN ('invited', 'joining')
            END
        ) THEN 'withdrawn'
        ELSE ''
    END
$$;
