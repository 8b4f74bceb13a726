-- That a child's tokens go with the child. Not checked yet, so that nobody who writes waits.
CREATE OR REPLACE FUNCTION search.bind_epoch(of_epoch integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '3s'
AS $$
DECLARE
    its_table text := 'child_token_' || of_epoch;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = its_table || '_of_child') THEN
        EXECUTE format(
            'ALTER TABLE search.%I ADD CONSTRAINT %I'
            ' FOREIGN KEY (child_id) REFERENCES public.registry_child ON DELETE CASCADE NOT VALID',
            its_table, its_table || '_of_child'
        );
    END IF;
END
$$;
