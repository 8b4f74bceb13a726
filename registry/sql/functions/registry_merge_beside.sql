-- The other record that an event about two names in its fields; NULL where it names none. The worker's events of what was asked
-- name the request besides.
CREATE OR REPLACE FUNCTION registry_merge_beside(event audit_event, word text) RETURNS bigint LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN cardinality(event.fields) = 1
        THEN substring(event.fields[1]::text FROM '^' || word || '\.([1-9][0-9]{0,17})$')::bigint
    END
$$;
