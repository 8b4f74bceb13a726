-- Whether nothing has happened to somebody's access since that moment: the same role and state ever since, and no stop of
-- theirs, of then or later. A stop of everybody at their organisation, or of the service, says nothing of them.
CREATE OR REPLACE FUNCTION access_unchanged_since(person access_user, moment timestamptz) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(person.state_at, '-infinity') <= moment AND NOT EXISTS (
        SELECT FROM public.access_stop AS stop
        WHERE stop.user_id = person.id AND coalesce(stop.lifted_at, 'infinity') > moment
    )
$$;
