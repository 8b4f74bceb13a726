-- Whoever changes what is said of children, their followers have something to be told: no action can forget it.
CREATE OR REPLACE FUNCTION registry_note_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM public.registry_note_changed(ARRAY(SELECT DISTINCT child_id FROM changed));
    RETURN NULL;
END
$$;
