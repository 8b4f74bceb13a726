-- Whether the person whose session is shown has shown their second factor anew, for this child.
CREATE OR REPLACE FUNCTION registry_may_override_now(child bigint) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN public.access_shown_person() IS NOT NULL
        AND public.registry_factor_is_anew(public.access_shown('session'), child);
END
$$;
