-- Until when somebody's vetting holds stands on their row, where each request finds it without a query of its own. The
-- database keeps it, in whichever way an item changes, so that it is never other than what the items say.
CREATE OR REPLACE FUNCTION access_keep_valid_until() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.access_user AS person SET valid_until = public.access_valid_until(person.id)
        WHERE id IN (SELECT user_id FROM changed);
    RETURN NULL;
END
$$;
