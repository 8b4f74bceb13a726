-- Whether a shield hides that part of a child's record, by itself or by one that lies under it. What it leaves is registry_who's;
-- that a record is of two children, or a child has two records, is nothing that the record says.
CREATE OR REPLACE FUNCTION registry_report_is_hidden(part text, record bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT part NOT IN ('wrong_name', 'wrong_birth', 'wrong_gender', 'two_in_one', 'another_record')
        AND public.registry_shielded_together(record)
$$;
