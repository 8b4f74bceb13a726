-- The call in progress in a session, and whether anything may be done in it.
CREATE OR REPLACE FUNCTION access_mediation_of(presented text)
    RETURNS TABLE (id bigint, colleague_id bigint, expires_at timestamptz, standing text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT mediation.id, mediation.colleague_id, mediation.expires_at,
        CASE
            WHEN NOT public.access_may_be_helped(mediation.mediator_id, mediation.colleague_id) THEN 'stopped'
            WHEN mediation.expires_at <= clock_timestamp() THEN 'over'
            ELSE 'live'
        END
    FROM public.access_mediation AS mediation
    JOIN public.access_session AS session ON session.id = mediation.session_id
    WHERE session.key_fingerprint = presented AND session.expires_at > clock_timestamp()
        AND mediation.ended_at IS NULL
$$;
