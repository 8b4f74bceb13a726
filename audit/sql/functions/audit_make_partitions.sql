-- This month and those `ahead`, for whoever has no right to make tables. Returns how many were not there.
CREATE OR REPLACE FUNCTION audit_make_partitions(ahead integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
BEGIN
    RETURN (
        SELECT count(*) FILTER (WHERE public.audit_make_month(month))
        FROM generate_series(
            date_trunc('month', now()), date_trunc('month', now()) + make_interval(months => least(ahead, 24)), '1 month'
        ) AS month
    );
END
$$;
