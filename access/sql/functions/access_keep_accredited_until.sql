-- As access_keep_valid_until, of an organisation: the newest accreditation counts.
CREATE OR REPLACE FUNCTION access_keep_accredited_until() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.access_organisation SET accredited_until = NEW.expires_on WHERE id = NEW.organisation_id;
    RETURN NULL;
END
$$;
