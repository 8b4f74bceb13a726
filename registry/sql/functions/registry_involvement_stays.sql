-- Whoever changes an involvement leaves it where it stands: moved from a record that lies under another to that other, it would
-- not come back when they are parted.
CREATE OR REPLACE FUNCTION registry_involvement_stays() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'an involvement stays with its record' USING ERRCODE = 'insufficient_privilege';
END
$$;
