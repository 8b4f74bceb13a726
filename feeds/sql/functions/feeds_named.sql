-- Which feeds there are, for whoever asks that a system be accredited to deliver one, and whoever agrees: of the organisations
-- within reach of the session that is shown. Nothing of what they sent.
CREATE OR REPLACE FUNCTION feeds_named() RETURNS TABLE (
    id bigint, organisation_id bigint, authority_id bigint, organisation text, source text, format text, stopped boolean
) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT one.id, keeper.id, coalesce(keeper.responsible_authority_id, keeper.id), keeper.name::text, one.source::text,
        one.format::text, one.stopped_at IS NOT NULL
    FROM public.feeds_supplier AS one JOIN public.access_organisation AS keeper ON keeper.id = one.organisation_id
    WHERE keeper.id IN (SELECT public.access_shown_reach())
    ORDER BY one.id
$$;
