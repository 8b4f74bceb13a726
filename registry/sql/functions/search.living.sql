-- Whoever files children locks the table of epochs against change, from before they ask which epochs live until their
-- transaction ends. So no child is filed by what was true a moment ago. Searches only read it, and wait for nobody.
CREATE OR REPLACE FUNCTION search.living() RETURNS TABLE (number integer, bits integer, families integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    LOCK TABLE search.epoch IN ROW SHARE MODE;
    RETURN QUERY SELECT epoch.number, epoch.bits, epoch.families FROM search.epoch AS epoch
        WHERE epoch.state <> 'dropped' ORDER BY epoch.number;
END
$$;
