-- Until when the person whose session is shown has leave to see that shielded child; NULL where they have none, as of a child
-- who is not shielded.
CREATE OR REPLACE FUNCTION registry_own_leave(child bigint) RETURNS date LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN public.registry_leave_of(public.access_shown_person(), child);
END
$$;
