-- The child whom registry_child_to_see names, unless a shield hides where they live.
CREATE OR REPLACE FUNCTION registry_child_to_locate() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    child bigint := public.registry_child_to_see();
BEGIN
    RETURN CASE WHEN NOT EXISTS (
        SELECT FROM public.registry_shield AS shield WHERE shield.child_id = child AND shield.ended_on IS NULL
    ) THEN child END;
END
$$;
