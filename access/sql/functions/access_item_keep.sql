-- The one way in which the web role writes what somebody was vetted on: no more than this transaction's own event says,
-- and in the place of what was there of its kind. Whoever writes learns nothing of that, not even whether it was there: by
-- a function, since a policy lets nobody change what it does not let them read. Under a number of its own, so that nothing
-- of what was there need be known to seal it.
CREATE OR REPLACE FUNCTION access_item_keep(
    numbered bigint, person bigint, of_kind text, seen_on date, until date, told sealed, who bigint, signed text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF public.access_item_is_told(person, of_kind, seen_on, until, who, signed) IS NOT TRUE THEN
        RAISE EXCEPTION 'nothing recorded says this of their vetting' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.access_vettingitem
        (id, row_version, user_id, kind, checked_on, expires_on, details, recorded_by_id, version)
        VALUES (numbered, 1, person, of_kind, seen_on, until, told, who, signed)
    ON CONFLICT (user_id, kind) DO UPDATE SET
        (id, row_version, checked_on, expires_on, details, recorded_by_id, version) = ROW (
            EXCLUDED.id, 1, EXCLUDED.checked_on, EXCLUDED.expires_on, EXCLUDED.details, EXCLUDED.recorded_by_id,
            EXCLUDED.version
        );
END
$$;
