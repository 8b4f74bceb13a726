-- What is said of a system is said once. After that it is accredited by somebody else than who asked, once, and revoked,
-- once: each beside its event, and nothing else of it changes. It is good for a year at most. Revoked, its sessions and its own
-- tokens end with it.
CREATE OR REPLACE FUNCTION access_guard_system() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL
        AND (NEW.accredited_by_id, NEW.accredited_at) IS NOT DISTINCT FROM (OLD.accredited_by_id, OLD.accredited_at)
        AND public.access_system_is_told('system.revoked', OLD.organisation_id, OLD.id, NULL)
    THEN
        NEW.revoked_at := now();
        DELETE FROM public.access_session WHERE system_id = OLD.id;
        DELETE FROM public.access_systemtoken WHERE system_id = OLD.id;
        RETURN NEW;
    END IF;
    IF OLD.accredited_at IS NULL AND OLD.revoked_at IS NULL AND NEW.revoked_at IS NULL
        AND NEW.accredited_by_id <> OLD.asked_by_id
        AND NEW.accredited_until BETWEEN public.access_today() AND public.access_today() + 366
        AND public.access_system_is_told('system.accredited', OLD.organisation_id, OLD.id, NEW.accredited_by_id)
    THEN
        NEW.accredited_at := now();
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'no event of this transaction says so of this system' USING ERRCODE = 'CP001';
END
$$;
