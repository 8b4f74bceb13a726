-- The number of an item that is to be kept, for which what it holds is sealed beforehand.
CREATE OR REPLACE FUNCTION access_item_number() RETURNS bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT nextval('public.access_vettingitem_id_seq')
$$;
