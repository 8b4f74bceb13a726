-- From here on changes wait in search.late.
CREATE OR REPLACE FUNCTION search.close_epoch(of_epoch integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '3s'
AS $$
BEGIN
    LOCK TABLE search.epoch IN EXCLUSIVE MODE;
    UPDATE search.epoch SET state = 'indexing' WHERE number = of_epoch AND state = 'filling';
END
$$;
