-- Whether the reader, by the ticket, may see a case about a child: nobody of it is one from whom they are barred.
CREATE OR REPLACE FUNCTION review_case_shown(about bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT NOT public.review_people_of(about) && public.review_barred()
$$;
