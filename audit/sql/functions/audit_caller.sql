-- Who connected. A role that serves is what it connected as: the web role may take on the reader's rights, and does so
-- while a statement of its own runs if it likes. Others (the owner, who takes on roles to try them) are whom they took on.
CREATE OR REPLACE FUNCTION audit_caller() RETURNS text LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN session_user IN (
            'contactpoint_web', 'contactpoint_sign_in', 'contactpoint_worker', 'contactpoint_sequencer',
            'contactpoint_reader', 'contactpoint_examiner'
        ) THEN session_user::text
        ELSE coalesce(nullif(current_setting('role'), 'none'), session_user::text)
    END
$$;
