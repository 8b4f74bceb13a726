CREATE OR REPLACE FUNCTION search.check_epoch(of_epoch integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    its_table text := 'child_token_' || of_epoch;
BEGIN
    -- Of children who went between being read and being filed.
    EXECUTE format(
        'DELETE FROM search.%I AS filed WHERE NOT EXISTS ('
        ' SELECT FROM public.registry_child AS child WHERE child.id = filed.child_id)', its_table
    );
    EXECUTE format('ALTER TABLE search.%I VALIDATE CONSTRAINT %I', its_table, its_table || '_of_child');
END
$$;
