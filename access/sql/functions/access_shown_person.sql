-- Whose session this connection shows, while it lives. Policies ask it once a statement.
CREATE OR REPLACE FUNCTION access_shown_person() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT user_id FROM public.access_session
        WHERE id = public.access_shown('session') AND expires_at > clock_timestamp()
    );
END
$$;
