CREATE OR REPLACE FUNCTION access_item_is_told(
    person bigint, kind text, checked_on date, expires_on date, who bigint, version text
) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT checked_on <= public.access_today()
        AND expires_on <= checked_on
            + make_interval(years => CASE kind WHEN 'identity' THEN 10 WHEN 'dbs' THEN 3 ELSE 1 END)
        AND CASE kind
            WHEN 'agreement' THEN who = person
                AND public.access_told_fields('user.agreed', who, person, ARRAY[version])
            ELSE public.access_told_fields('user.vetted', who, person, ARRAY[kind])
        END
$$;
