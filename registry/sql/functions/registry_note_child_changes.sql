-- As registry_note_changes, of the children's own rows.
CREATE OR REPLACE FUNCTION registry_note_child_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM public.registry_note_changed(ARRAY(SELECT id FROM changed));
    RETURN NULL;
END
$$;
