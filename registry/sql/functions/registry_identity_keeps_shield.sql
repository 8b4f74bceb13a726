-- No shield ends while a new identity is asked for, or approved and not yet made: what showed then would lead to the new one.
CREATE OR REPLACE FUNCTION registry_identity_keeps_shield() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.registry_identityrequest AS one WHERE one.child_id = NEW.child_id AND one.outcome <> 'refused'
    ) THEN
        RAISE EXCEPTION 'a new identity is asked for: the protection stays' USING ERRCODE = 'CP004';
    END IF;
    RETURN NEW;
END
$$;
