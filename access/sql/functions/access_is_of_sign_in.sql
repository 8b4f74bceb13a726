-- What is done where people sign in, and nowhere else.
CREATE OR REPLACE FUNCTION access_is_of_sign_in(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT kind IN (
        'mediation.begun', 'second_factor.added', 'second_factor.failed', 'second_factor.removed', 'session.ended',
        'sign_in.succeeded', 'system.allowed', 'user.password_changed'
    )
$$;
