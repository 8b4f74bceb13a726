-- Who connected, or has taken on which role since; `current_user` is the owner in here.
CREATE OR REPLACE FUNCTION audit_caller() RETURNS text LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(nullif(current_setting('role'), 'none'), session_user::text)
$$;
