-- How much waits for the person whose session is shown, in numbers alone: batches to let in, and doubtful matches to decide.
CREATE OR REPLACE FUNCTION feeds_waiting() RETURNS TABLE (batches bigint, matches bigint) LANGUAGE plpgsql STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    person bigint := public.access_shown_person();
    authorities bigint[];
BEGIN
    SELECT public.registry_shield_authorities(one.id) INTO authorities FROM public.access_user AS one
        WHERE one.id = person AND one.role = 'administrator' AND public.access_may_enter(one.id);
    RETURN QUERY SELECT
        (
            SELECT count(*) FROM public.feeds_batch AS one
            WHERE authorities IS NOT NULL AND one.state = 'checked' AND public.feeds_keeps(person, one.supplier_id)
        ),
        (
            SELECT count(*) FROM public.feeds_match AS one
            WHERE one.outcome = '' AND one.authority_id = ANY (authorities) AND NOT EXISTS (
                SELECT FROM public.feeds_verdict AS said WHERE said.match_id = one.id AND said.person_id = person
            )
        );
END
$$;
