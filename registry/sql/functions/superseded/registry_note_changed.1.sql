-- Notes that followers of these records, or of any that lies together with one of them, may have something new to be told:
-- several changes are one note. Whether there is, the worker sees, which opens what stands there (registry/worker/following.py).
-- In order, so that two who change many records at once do not wait for each other.
CREATE OR REPLACE FUNCTION registry_note_changed(records bigint[]) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.registry_following) THEN
        RETURN;
    END IF;
    INSERT INTO public.registry_untold AS one (following_id, changes)
        SELECT following.id, 1 FROM public.registry_following AS following
        WHERE following.child_id IN (
            SELECT unnest(public.registry_together(public.registry_stays_of(record))) FROM unnest(records) AS record
        )
        ORDER BY following.id
        ON CONFLICT (following_id) DO UPDATE SET changes = one.changes + 1;
END
$$;
