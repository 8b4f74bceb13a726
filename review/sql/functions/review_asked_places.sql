-- The organisations about whose people the shown session is asked: those that an administrator decides or applies for.
CREATE OR REPLACE FUNCTION review_asked_places() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT place FROM public.access_shown_reach() AS place
    WHERE (SELECT role FROM public.access_user WHERE id = public.access_shown_person()) = 'administrator'
$$;
