-- Nobody is added, changes state or role, but by what this transaction's own event says (sql/guards/access_user.sql).
CREATE OR REPLACE FUNCTION access_guard_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    done public.audit_event;
BEGIN
    NEW.state_at := clock_timestamp();
    NEW.state_by_id := NULL;
    IF public.audit_caller() NOT IN ('contactpoint_web', 'contactpoint_sign_in') THEN
        RETURN NEW;
    END IF;
    SELECT * INTO done FROM public.audit_event
        WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND user_id = NEW.id AND CASE
            WHEN TG_OP = 'INSERT' THEN kind = 'user.invited'
            WHEN NEW.state = OLD.state THEN kind = 'user.role_changed'
            ELSE NEW.role = OLD.role AND public.access_leads(kind, OLD.state, NEW.state)
        END
        ORDER BY id DESC LIMIT 1;
    -- Whoever is being suspended in this very moment decides nothing any more. Nobody waits here: two who suspend each
    -- other at once would wait for ever.
    IF done.actor_id IS NOT NULL THEN
        PERFORM FROM public.access_user WHERE id = done.actor_id FOR SHARE SKIP LOCKED;
        IF NOT FOUND OR NOT public.access_may_enter(done.actor_id) THEN
            RAISE EXCEPTION 'whoever decides is being decided about' USING ERRCODE = 'CP001';
        END IF;
    END IF;
    IF (CASE
        WHEN done.id IS NULL THEN false
        WHEN TG_OP = 'INSERT' THEN NEW.state = 'invited' AND NEW.valid_until IS NULL
            AND public.access_holds(
                done.actor_id, NEW.organisation_id, '{administer_organisation,apply_organisation}'
            )
        WHEN NEW.role <> OLD.role THEN public.access_is_approved(NEW.id, '{role}', NEW.role, done.actor_id)
        WHEN NEW.state = 'active' THEN NEW.valid_until >= public.access_today()
            AND public.access_is_approved(NEW.id, '{join,rejoin,reinstate}', NEW.role, done.actor_id)
            -- Of somebody suspended that very question: it is not taken back, and they let in by another.
            AND (OLD.state <> 'suspended'
                OR public.access_is_approved(NEW.id, '{reinstate}', NEW.role, done.actor_id))
        ELSE true
    END) IS NOT TRUE THEN
        RAISE EXCEPTION 'nothing recorded allows this change of a user' USING ERRCODE = 'insufficient_privilege';
    END IF;
    NEW.state_by_id := done.actor_id;
    RETURN NEW;
END
$$;
