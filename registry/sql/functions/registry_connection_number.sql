-- The number of a request for a connection that is to be asked, for which the telephone number is sealed beforehand.
CREATE OR REPLACE FUNCTION registry_connection_number() RETURNS bigint LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT nextval('public.registry_connectionrequest_id_seq')
$$;
