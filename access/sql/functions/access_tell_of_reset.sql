-- That a new sign-in was asked for is told to whom it concerns by the question itself.
CREATE OR REPLACE FUNCTION access_tell_of_reset() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM public.access_notify(NEW.user_id, 'reset_asked');
    RETURN NULL;
END
$$;
