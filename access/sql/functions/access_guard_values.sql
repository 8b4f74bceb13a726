-- Name, address and telephone number of a user, in the web process, are written by that user.
CREATE OR REPLACE FUNCTION access_guard_values() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF public.audit_caller() = 'contactpoint_web' AND NEW.id IS DISTINCT FROM public.access_shown_person() THEN
        RAISE EXCEPTION 'only they themselves change what is kept of them' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
