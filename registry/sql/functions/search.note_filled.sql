CREATE OR REPLACE FUNCTION search.note_filled(of_epoch integer, up_to bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE search.epoch SET filled_up_to = greatest(filled_up_to, up_to)
    WHERE number = of_epoch AND state = 'filling'
$$;
