-- Everybody who decides about the people of an authority today is told of something by letter. For functions alone, which have
-- looked for the event that says so.
CREATE OR REPLACE FUNCTION access_tell_administrators(authority bigint, told text, happened timestamptz) RETURNS void
    LANGUAGE sql
    SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO public.access_notice (user_id, what, happened_at)
        SELECT DISTINCT given.user_id, told, happened FROM public.access_grant AS given
        WHERE given.organisation_id = authority AND public.access_administers(given.user_id, authority)
$$;
