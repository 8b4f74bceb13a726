-- The records whose involvements may be changed: the one that registry_child_to_keep allows, and those that lie under it.
CREATE OR REPLACE FUNCTION registry_children_to_keep() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    record bigint := public.registry_child_to_keep();
BEGIN
    RETURN CASE WHEN record IS NOT NULL THEN public.registry_together(record) END;
END
$$;
