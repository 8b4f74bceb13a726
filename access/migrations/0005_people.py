from django.db import migrations

# The service's own day, whatever zone the connection was put into.
STANDING = """
    CREATE FUNCTION access_today() RETURNS date LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$ SELECT (clock_timestamp() AT TIME ZONE 'Europe/London')::date $$;

    -- Whether somebody was granted one of these on the organisation, or on the authority that answers for it.
    CREATE FUNCTION access_holds(person bigint, organisation bigint, whats text[]) RETURNS boolean LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.access_organisation AS one
            JOIN public.access_grant AS given ON given.organisation_id IN (one.id, one.responsible_authority_id)
            JOIN public.auth_permission AS what ON what.id = given.permission_id
            WHERE one.id = organisation AND given.user_id = person AND what.codename = ANY (whats)
                AND given.expires_on >= public.access_today()
        )
    $$;

    CREATE FUNCTION access_may_stop_service(person bigint) RETURNS boolean LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.access_user AS administrator
            JOIN public.access_grant AS given ON given.user_id = administrator.id
            JOIN public.auth_permission AS what ON what.id = given.permission_id
            WHERE administrator.id = person AND administrator.role = 'administrator' AND what.codename = 'stop_service'
                AND given.expires_on >= public.access_today()
        )
    $$;

    -- The service goes on for those who may lift its stop.
    CREATE FUNCTION access_is_stopped(person bigint, organisation bigint) RETURNS boolean LANGUAGE plpgsql STABLE
        SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN EXISTS (
            SELECT FROM public.access_stop AS stop
            WHERE stop.lifted_at IS NULL AND (
                stop.user_id = person OR stop.organisation_id = organisation
                OR stop.scope = 'service' AND NOT public.access_may_stop_service(person)
            )
        );
    END
    $$;

    CREATE FUNCTION access_organisation_is_open(organisation bigint) RETURNS boolean LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.access_organisation AS one
            WHERE one.id = organisation AND one.accredited_until >= public.access_today() AND NOT EXISTS (
                SELECT FROM public.access_stop AS stop
                WHERE stop.lifted_at IS NULL AND (stop.organisation_id = organisation OR stop.scope = 'service')
            )
        )
    $$;

    -- Whether somebody might come in this very moment: active, all items and the accreditation current, not stopped.
    CREATE FUNCTION access_may_enter(asked bigint) RETURNS boolean LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.access_user AS person
            JOIN public.access_organisation AS employer ON employer.id = person.organisation_id
            WHERE person.id = asked AND person.state = 'active' AND person.valid_until >= public.access_today()
                AND employer.accredited_until >= public.access_today()
                AND NOT public.access_is_stopped(person.id, employer.id)
        )
    $$;

    CREATE FUNCTION access_administers(person bigint, organisation bigint) RETURNS boolean LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT public.access_holds(person, organisation, '{administer_organisation}')
            AND public.access_may_enter(person)
            AND EXISTS (SELECT FROM public.access_user WHERE id = person AND role = 'administrator')
    $$;
"""
NO_STANDING = """
    DROP FUNCTION access_administers(bigint, bigint);
    DROP FUNCTION access_may_enter(bigint);
    DROP FUNCTION access_organisation_is_open(bigint);
    DROP FUNCTION access_is_stopped(bigint, bigint);
    DROP FUNCTION access_may_stop_service(bigint);
    DROP FUNCTION access_holds(bigint, bigint, text[]);
    DROP FUNCTION access_today();
"""

# What an administrator did is asked where the event comes in: of whom, and whether they may. Everything that changes a
# person wants such an event (the guards below), so that this is the one place which decides.
CHECKING = """
    CREATE FUNCTION access_may_do(event audit_event) RETURNS boolean LANGUAGE plpgsql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        applies text[] := '{administer_organisation,apply_organisation}';
        decides text[] := '{administer_organisation}';
        employer bigint := (SELECT organisation_id FROM public.access_user WHERE id = event.user_id);
    BEGIN
        IF event.kind IN ('user.agreed', 'user.password_changed') OR (
            event.kind = 'user.read' AND event.user_id = event.actor_id
        ) THEN
            RETURN event.user_id = event.actor_id;
        END IF;
        IF event.kind = 'people.listed' THEN
            -- Of these the vetting can be read in the same transaction.
            RETURN cardinality(event.shown) = 0 OR event.role = 'administrator' AND NOT EXISTS (
                SELECT FROM public.access_user AS person
                WHERE person.id = ANY (event.shown)
                    AND NOT public.access_holds(event.actor_id, person.organisation_id, applies)
            );
        END IF;
        IF event.kind NOT SIMILAR TO '(user|grant|organisation|stop).%' THEN
            RETURN true;
        END IF;
        RETURN event.role = 'administrator' AND event.user_id IS DISTINCT FROM event.actor_id AND CASE
            -- Somebody new is nobody's yet: the guard of the table asks for their organisation.
            WHEN event.kind = 'user.invited' AND employer IS NULL THEN event.user_id IS NOT NULL
            WHEN event.kind IN ('user.added', 'user.joined') THEN false
            WHEN event.kind IN ('user.asked', 'user.invited', 'user.read', 'user.reminded', 'user.vetted', 'user.withdrawn')
                THEN public.access_holds(event.actor_id, employer, applies)
            WHEN event.kind LIKE 'user.%' OR event.kind LIKE 'grant.%'
                THEN public.access_holds(event.actor_id, employer, decides)
            WHEN event.kind = 'organisation.read' THEN public.access_holds(event.actor_id, event.fields[1]::bigint, applies)
            WHEN event.kind LIKE 'organisation.%' THEN public.access_holds(event.actor_id, event.fields[1]::bigint, decides)
                AND (event.kind = 'organisation.changed' OR event.fields[1]::bigint <> event.organisation_id)
            WHEN event.user_id IS NOT NULL THEN public.access_holds(event.actor_id, employer, decides)
            WHEN event.fields[1] = 'organisation'
                THEN public.access_holds(event.actor_id, event.fields[2]::bigint, decides)
            ELSE event.fields = '{service}' AND public.access_may_stop_service(event.actor_id)
        END IS TRUE;
    END
    $$;

    -- As in 0002, and besides: nobody lapsed, stopped or still joining does anything but in their own affairs.
    CREATE OR REPLACE FUNCTION audit_record(presented text, told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        event public.audit_event := jsonb_populate_record(NULL::public.audit_event, told);
        today date := public.access_today();
    BEGIN
        event.id := nextval('public.audit_event_id_seq');
        IF NOT EXISTS (
            SELECT FROM public.access_session AS session
            JOIN public.access_user AS person ON person.id = session.user_id
            JOIN public.access_organisation AS organisation ON organisation.id = person.organisation_id
            WHERE session.key_fingerprint = presented AND session.id = event.session_id
                AND session.expires_at > clock_timestamp() AND person.id = event.actor_id AND person.role = event.role
                AND organisation.id = event.organisation_id
                AND coalesce(organisation.responsible_authority_id, organisation.id) = event.authority_id
                -- Whatever happens to somebody, that they were refused and signed out can be said.
                AND (event.kind IN ('access.refused', 'sign_out.done') OR (
                    NOT public.access_is_stopped(person.id, organisation.id) AND (
                        person.state = 'active' AND person.valid_until >= today AND organisation.accredited_until >= today
                        OR person.state IN ('joining', 'active') AND coalesce(event.user_id, person.id) = person.id
                            AND event.kind IN (
                                'history.read', 'second_factor.added', 'second_factor.failed', 'second_factor.removed',
                                'session.ended', 'sign_in.succeeded', 'user.agreed', 'user.password_changed', 'user.read'
                            )
                    )
                ))
                -- What an event opens, only the role that may have it opened records (access.roles).
                AND (person.role = 'auditor' OR event.kind <> 'log.read')
                AND (person.role = 'practitioner' OR event.kind NOT LIKE 'involvement.%')
        ) THEN
            RAISE EXCEPTION 'no live session of this user vouches for the event' USING ERRCODE = 'CP001';
        END IF;
        IF public.access_may_do(event) IS NOT TRUE THEN
            RAISE EXCEPTION '% is not for this user to do', event.kind USING ERRCODE = 'CP004';
        END IF;
        PERFORM public.access_charge_event(event);
        RETURN public.audit_append(event);
    END
    $$;
"""
# As 0002 had it.
NOT_CHECKING = """
    CREATE OR REPLACE FUNCTION audit_record(presented text, told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        event public.audit_event := jsonb_populate_record(NULL::public.audit_event, told);
    BEGIN
        event.id := nextval('public.audit_event_id_seq');
        IF NOT EXISTS (
            SELECT FROM public.access_session AS session
            JOIN public.access_user AS person ON person.id = session.user_id
            JOIN public.access_organisation AS organisation ON organisation.id = person.organisation_id
            WHERE session.key_fingerprint = presented AND session.id = event.session_id
                AND session.expires_at > clock_timestamp() AND person.id = event.actor_id AND person.role = event.role
                AND organisation.id = event.organisation_id
                AND coalesce(organisation.responsible_authority_id, organisation.id) = event.authority_id
                AND (person.state = 'active' OR event.kind IN ('access.refused', 'sign_out.done'))
                AND (person.role = 'auditor' OR event.kind <> 'log.read')
                AND (person.role = 'practitioner' OR event.kind NOT LIKE 'involvement.%')
        ) THEN
            RAISE EXCEPTION 'no live session of this user vouches for the event' USING ERRCODE = 'CP001';
        END IF;
        PERFORM public.access_charge_event(event);
        RETURN public.audit_append(event);
    END
    $$;
    DROP FUNCTION access_may_do(audit_event);
"""

# What this transaction's own events say.
TOLD = """
    CREATE FUNCTION access_told(wanted text[], about bigint, who bigint) RETURNS boolean LANGUAGE plpgsql STABLE
        SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN EXISTS (
            SELECT FROM public.audit_event
            WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND kind = ANY (wanted)
                AND user_id = about AND actor_id IS NOT DISTINCT FROM who
        );
    END
    $$;

    CREATE FUNCTION access_told_fields(wanted text, who bigint, about bigint, first text[]) RETURNS boolean
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN EXISTS (
            SELECT FROM public.audit_event
            WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND kind = wanted
                AND actor_id IS NOT DISTINCT FROM who AND user_id IS NOT DISTINCT FROM about
                AND fields[1:cardinality(first)]::text[] = first
        );
    END
    $$;

    -- Whose vetting may be read: one's own, and that of people whom an administrator's event names.
    CREATE FUNCTION access_people_to_see() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN (
            SELECT coalesce(array_agg(DISTINCT person), '{}') FROM public.audit_event AS event
            CROSS JOIN LATERAL unnest(
                ARRAY[event.actor_id]
                || CASE WHEN event.kind LIKE 'user.%' THEN ARRAY[event.user_id] END
                || CASE WHEN event.kind = 'people.listed' THEN event.shown END
            ) AS person
            WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
                AND event.actor_id IS NOT NULL AND person IS NOT NULL
        );
    END
    $$;
"""
NOT_TOLD = """
    DROP FUNCTION access_people_to_see();
    DROP FUNCTION access_told_fields(text, bigint, bigint, text[]);
    DROP FUNCTION access_told(text[], bigint, bigint);
"""

# The life of a user, as access.rules.lifecycle has it; a test compares the two.
LIFE = """
    CREATE FUNCTION access_leads(kind text, before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT (kind, before, after) IN (
            ('user.joined', 'invited', 'joining'),
            ('user.approved', 'joining', 'active'),
            ('user.declined', 'joining', 'left'),
            ('user.withdrawn', 'invited', 'left'),
            ('user.withdrawn', 'joining', 'left'),
            ('user.suspended', 'joining', 'suspended'),
            ('user.suspended', 'active', 'suspended'),
            ('user.reinstated', 'suspended', 'active'),
            ('user.left', 'joining', 'left'),
            ('user.left', 'active', 'left'),
            ('user.left', 'suspended', 'left'),
            ('user.revoked', 'joining', 'revoked'),
            ('user.revoked', 'active', 'revoked'),
            ('user.revoked', 'suspended', 'revoked'),
            ('user.rejoined', 'left', 'joining'),
            ('user.rejoined', 'revoked', 'joining')
        )
    $$;

    -- That somebody else approved it, here and now; what was approved once opens nothing a second time.
    CREATE FUNCTION access_is_approved(person bigint, wanted text[], for_role text, by_whom bigint) RETURNS boolean
        LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.access_approval
            WHERE user_id = person AND kind = ANY (wanted) AND role = for_role AND outcome = 'approved'
                AND decided_by_id = by_whom AND decided_at = now()
        ) AND NOT EXISTS (
            SELECT FROM public.access_approval WHERE user_id = person AND kind = ANY (wanted) AND outcome = ''
        )
    $$;

    CREATE FUNCTION access_guard_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        done public.audit_event;
    BEGIN
        NEW.state_at := clock_timestamp();
        NEW.state_by_id := NULL;
        IF public.audit_caller() <> 'contactpoint_web' THEN
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
            WHEN TG_OP = 'INSERT' THEN NEW.state = 'invited' AND NEW.valid_until IS NULL AND NEW.password LIKE '!%'
                AND public.access_holds(
                    done.actor_id, NEW.organisation_id, '{administer_organisation,apply_organisation}'
                )
            WHEN NEW.role <> OLD.role THEN public.access_is_approved(NEW.id, '{role}', NEW.role, done.actor_id)
            WHEN NEW.state = 'active' THEN NEW.valid_until >= public.access_today()
                AND public.access_is_approved(NEW.id, '{join,rejoin,reinstate}', NEW.role, done.actor_id)
            ELSE true
        END) IS NOT TRUE THEN
            RAISE EXCEPTION 'nothing recorded allows this change of a user' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.state_by_id := done.actor_id;
        RETURN NEW;
    END
    $$;
    CREATE TRIGGER access_user_is_added BEFORE INSERT ON access_user
        FOR EACH ROW EXECUTE FUNCTION access_guard_user();
    CREATE TRIGGER access_user_is_changed BEFORE UPDATE ON access_user
        FOR EACH ROW WHEN (NEW.state <> OLD.state OR NEW.role <> OLD.role) EXECUTE FUNCTION access_guard_user();

    -- The hour of an approval is its transaction's own, so that nobody can say it was decided at another time.
    CREATE FUNCTION access_date_approval() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            NEW.asked_at := now();
        END IF;
        NEW.decided_at := CASE WHEN NEW.outcome <> '' THEN now() END;
        RETURN NEW;
    END
    $$;
    CREATE TRIGGER access_approval_is_dated BEFORE INSERT OR UPDATE ON access_approval
        FOR EACH ROW EXECUTE FUNCTION access_date_approval();

    -- Sessions of somebody whom this transaction's own event suspends, stops or lets go.
    CREATE FUNCTION access_sessions_end_of(person bigint) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        ended integer;
    BEGIN
        DELETE FROM public.access_session WHERE user_id = person AND EXISTS (
            SELECT FROM public.audit_event
            WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND user_id = person AND kind IN (
                'stop.begun', 'user.declined', 'user.left', 'user.rejoined', 'user.revoked', 'user.suspended',
                'user.withdrawn'
            )
        );
        GET DIAGNOSTICS ended = ROW_COUNT;
        RETURN ended;
    END
    $$;
"""
NO_LIFE = """
    DROP FUNCTION access_sessions_end_of(bigint);
    DROP TRIGGER access_approval_is_dated ON access_approval;
    DROP FUNCTION access_date_approval();
    DROP TRIGGER access_user_is_changed ON access_user;
    DROP TRIGGER access_user_is_added ON access_user;
    DROP FUNCTION access_guard_user();
    DROP FUNCTION access_is_approved(bigint, text[], text, bigint);
    DROP FUNCTION access_leads(text, text, text);
"""

# Until when somebody's vetting holds stands on their row, where each request finds it without a query of its own. The
# database keeps it, in whichever way an item changes, so that it is never other than what the items say.
DATES = """
    CREATE FUNCTION access_valid_until(person bigint) RETURNS date LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT CASE WHEN count(*) = 8 THEN min(expires_on) END FROM public.access_vettingitem WHERE user_id = person
    $$;

    CREATE FUNCTION access_keep_valid_until() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        UPDATE public.access_user AS person SET valid_until = public.access_valid_until(person.id)
            WHERE id IN (SELECT user_id FROM changed);
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER access_vettingitem_added AFTER INSERT ON access_vettingitem REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION access_keep_valid_until();
    CREATE TRIGGER access_vettingitem_changed AFTER UPDATE ON access_vettingitem REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION access_keep_valid_until();
    CREATE TRIGGER access_vettingitem_removed AFTER DELETE ON access_vettingitem REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION access_keep_valid_until();
    UPDATE access_user SET valid_until = access_valid_until(id);

    CREATE FUNCTION access_keep_accredited_until() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        UPDATE public.access_organisation SET accredited_until = NEW.expires_on WHERE id = NEW.organisation_id;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER access_accreditation_added AFTER INSERT ON access_accreditation
        FOR EACH ROW EXECUTE FUNCTION access_keep_accredited_until();
"""
NO_DATES = """
    DROP TRIGGER access_accreditation_added ON access_accreditation;
    DROP FUNCTION access_keep_accredited_until();
    DROP TRIGGER access_vettingitem_removed ON access_vettingitem;
    DROP TRIGGER access_vettingitem_changed ON access_vettingitem;
    DROP TRIGGER access_vettingitem_added ON access_vettingitem;
    DROP FUNCTION access_keep_valid_until();
    DROP FUNCTION access_valid_until(bigint);
"""

# A link is known by its fingerprint: nobody can list those, only bring one. Accepting it is recorded in the same call.
INVITATIONS = """
    CREATE FUNCTION access_invitation_standing(invitation access_invitation) RETURNS text LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT CASE
            WHEN invitation.used_at IS NOT NULL THEN 'used'
            WHEN EXISTS (
                SELECT FROM public.access_invitation AS newer
                WHERE newer.user_id = invitation.user_id AND newer.id > invitation.id
            ) THEN 'replaced'
            WHEN invitation.expires_at <= clock_timestamp() THEN 'expired'
            WHEN (SELECT state FROM public.access_user WHERE id = invitation.user_id) NOT IN ('invited', 'joining')
                THEN 'withdrawn'
            ELSE ''
        END
    $$;

    CREATE FUNCTION access_invitation_load(presented text) RETURNS TABLE (user_id bigint, standing text)
        LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT invitation.user_id, public.access_invitation_standing(invitation)
        FROM public.access_invitation AS invitation WHERE invitation.token_fingerprint = presented
    $$;

    CREATE FUNCTION access_invitation_accept(presented text, told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        event public.audit_event := jsonb_populate_record(NULL::public.audit_event, told);
        invitation public.access_invitation;
    BEGIN
        event.id := nextval('public.audit_event_id_seq');
        SELECT * INTO invitation FROM public.access_invitation WHERE token_fingerprint = presented FOR UPDATE;
        IF (event.kind = 'user.joined' AND event.process = 'invitation' AND event.actor_id IS NULL
            AND event.user_id = invitation.user_id AND event.child_id IS NULL AND event.shown = '{}'
            AND public.access_invitation_standing(invitation) = '') IS NOT TRUE
        THEN
            RAISE EXCEPTION 'no invitation that is open vouches for the event' USING ERRCODE = 'CP004';
        END IF;
        UPDATE public.access_invitation SET used_at = clock_timestamp() WHERE id = invitation.id;
        RETURN public.audit_append(event);
    END
    $$;
"""
NO_INVITATIONS = """
    DROP FUNCTION access_invitation_accept(text, jsonb);
    DROP FUNCTION access_invitation_load(text);
    DROP FUNCTION access_invitation_standing(access_invitation);
"""

GUARDED = ("accreditation", "approval", "grant", "invitation", "site", "stop", "vettingitem")
# Of each table: which rows the web role sees, which it may add, which it may change, and into what.
POLICIES = """
    CREATE POLICY web_sees ON access_accreditation FOR SELECT TO contactpoint_web USING (true);
    CREATE POLICY web_adds ON access_accreditation FOR INSERT TO contactpoint_web WITH CHECK (
        access_told_fields('organisation.accredited', recorded_by_id, NULL, ARRAY[organisation_id::text])
        AND sponsor_id = (SELECT responsible_authority_id FROM access_organisation WHERE id = organisation_id)
    );

    CREATE POLICY web_sees ON access_site FOR SELECT TO contactpoint_web USING (true);
    CREATE POLICY web_adds ON access_site FOR INSERT TO contactpoint_web WITH CHECK (
        access_organisation_is_changed(organisation_id)
    );

    CREATE POLICY web_sees ON access_approval FOR SELECT TO contactpoint_web USING (true);
    CREATE POLICY web_asks ON access_approval FOR INSERT TO contactpoint_web WITH CHECK (
        outcome = ''
        AND access_told('{user.invited,user.asked,user.rejoined,user.suspended}', user_id, asked_by_id)
    );
    CREATE POLICY web_decides ON access_approval FOR UPDATE TO contactpoint_web USING (outcome = '') WITH CHECK (
        access_told(CASE outcome
            WHEN 'approved' THEN '{user.approved,user.reinstated,user.role_changed}'
            WHEN 'declined' THEN '{user.declined}'
            WHEN 'withdrawn' THEN '{user.asked,user.left,user.revoked,user.withdrawn}'
        END::text[], user_id, decided_by_id)
    );

    CREATE POLICY web_sees ON access_grant FOR SELECT TO contactpoint_web USING (true);
    CREATE POLICY web_gives ON access_grant FOR INSERT TO contactpoint_web WITH CHECK (
        access_grant_is_given(user_id, permission_id, organisation_id, expires_on, given_by_id)
    );
    CREATE POLICY web_renews ON access_grant FOR UPDATE TO contactpoint_web USING (
        access_told('{grant.given}', user_id, access_actor())
    ) WITH CHECK (access_grant_is_given(user_id, permission_id, organisation_id, expires_on, given_by_id));
    CREATE POLICY web_takes ON access_grant FOR DELETE TO contactpoint_web USING (
        access_told('{grant.taken}', user_id, access_actor())
    );

    CREATE POLICY web_sees ON access_invitation FOR SELECT TO contactpoint_web USING (true);
    CREATE POLICY web_sends ON access_invitation FOR INSERT TO contactpoint_web WITH CHECK (
        sent_at IS NULL AND refused_at IS NULL
        AND access_told('{user.invited,user.rejoined}', user_id, invited_by_id)
    );

    CREATE POLICY web_sees ON access_stop FOR SELECT TO contactpoint_web USING (true);
    CREATE POLICY web_begins ON access_stop FOR INSERT TO contactpoint_web WITH CHECK (
        lifted_at IS NULL AND access_stop_is_told('stop.begun', begun_by_id, scope, user_id, organisation_id)
    );
    CREATE POLICY web_lifts ON access_stop FOR UPDATE TO contactpoint_web USING (lifted_at IS NULL) WITH CHECK (
        lifted_at IS NOT NULL AND access_stop_is_told('stop.lifted', lifted_by_id, scope, user_id, organisation_id)
    );

    CREATE POLICY web_sees ON access_vettingitem FOR SELECT TO contactpoint_web
        USING (user_id = ANY ((SELECT access_people_to_see())::bigint[]));
    CREATE POLICY web_adds ON access_vettingitem FOR INSERT TO contactpoint_web
        WITH CHECK (access_item_is_told(user_id, kind, checked_on, expires_on, recorded_by_id, version));
    CREATE POLICY web_renews ON access_vettingitem FOR UPDATE TO contactpoint_web
        USING (user_id = ANY ((SELECT access_people_to_see())::bigint[]))
        WITH CHECK (access_item_is_told(user_id, kind, checked_on, expires_on, recorded_by_id, version));
"""
# What the policies ask.
ASKED = """
    -- The person of this transaction's last event: whoever is at work in it.
    CREATE FUNCTION access_actor() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN (
            SELECT actor_id FROM public.audit_event
            WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() ORDER BY id DESC LIMIT 1
        );
    END
    $$;

    CREATE FUNCTION access_organisation_is_changed(organisation bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT public.access_told_fields('organisation.changed', public.access_actor(), NULL, ARRAY[organisation::text])
    $$;

    CREATE FUNCTION access_stop_is_told(wanted text, who bigint, scope text, person bigint, organisation bigint)
        RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT public.access_told_fields(
            wanted, who, person, array_remove(ARRAY[scope, organisation::text], NULL)
        )
    $$;

    -- Nobody is made an administrator, auditor or stopper by one person alone: that comes with an approval.
    CREATE FUNCTION access_grant_is_given(
        holder bigint, permission integer, organisation bigint, until date, giver bigint
    ) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN until <= public.access_today() + 366 AND public.access_told('{grant.given}', holder, giver)
            AND public.access_holds(giver, organisation, '{administer_organisation}')
            AND (
                EXISTS (SELECT FROM public.auth_permission WHERE id = permission AND codename = 'apply_organisation')
                OR public.access_told('{user.approved,user.role_changed}', holder, giver) AND NOT EXISTS (
                    SELECT FROM public.auth_permission WHERE id = permission AND codename = 'stop_service'
                )
            );
    END
    $$;

    CREATE FUNCTION access_item_is_told(
        person bigint, kind text, checked_on date, expires_on date, who bigint, version text
    ) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT checked_on <= public.access_today()
            AND expires_on <= checked_on
                + make_interval(years => CASE kind WHEN 'identity' THEN 10 WHEN 'dbs' THEN 3 ELSE 1 END)
            AND CASE kind
                WHEN 'agreement' THEN who = person
                    AND public.access_told_fields('user.agreed', who, person, ARRAY[version])
                ELSE public.access_told_fields('user.vetted', who, person, ARRAY[kind])
            END
    $$;
"""
NOT_ASKED = """
    DROP FUNCTION access_item_is_told(bigint, text, date, date, bigint, text);
    DROP FUNCTION access_grant_is_given(bigint, integer, bigint, date, bigint);
    DROP FUNCTION access_stop_is_told(text, bigint, text, bigint, bigint);
    DROP FUNCTION access_organisation_is_changed(bigint);
    DROP FUNCTION access_actor();
"""
FORCED = """
    ALTER TABLE access_{table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY owner ON access_{table} TO contactpoint_owner USING (true);
    CREATE POLICY worker ON access_{table} TO contactpoint_worker USING (true);
"""
NOT_FORCED = """
    DROP POLICY worker ON access_{table};
    DROP POLICY owner ON access_{table};
    ALTER TABLE access_{table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
"""
NO_POLICIES = """
    DROP POLICY web_renews ON access_vettingitem;
    DROP POLICY web_adds ON access_vettingitem;
    DROP POLICY web_sees ON access_vettingitem;
    DROP POLICY web_lifts ON access_stop;
    DROP POLICY web_begins ON access_stop;
    DROP POLICY web_sees ON access_stop;
    DROP POLICY web_sends ON access_invitation;
    DROP POLICY web_sees ON access_invitation;
    DROP POLICY web_takes ON access_grant;
    DROP POLICY web_renews ON access_grant;
    DROP POLICY web_gives ON access_grant;
    DROP POLICY web_sees ON access_grant;
    DROP POLICY web_decides ON access_approval;
    DROP POLICY web_asks ON access_approval;
    DROP POLICY web_sees ON access_approval;
    DROP POLICY web_adds ON access_site;
    DROP POLICY web_sees ON access_site;
    DROP POLICY web_adds ON access_accreditation;
    DROP POLICY web_sees ON access_accreditation;
"""


class Migration(migrations.Migration):
    """The database keeps the rules of people's lives: who may do what about whom, in how many steps and by how many."""

    dependencies = [("access", "0004_people_tables"), ("audit", "0005_people"), ("contactpoint", "0001_roles")]

    operations = [
        migrations.RunSQL(sql=STANDING, reverse_sql=NO_STANDING),
        migrations.RunSQL(sql=CHECKING, reverse_sql=NOT_CHECKING),
        migrations.RunSQL(sql=TOLD, reverse_sql=NOT_TOLD),
        migrations.RunSQL(sql=LIFE, reverse_sql=NO_LIFE),
        migrations.RunSQL(sql=DATES, reverse_sql=NO_DATES),
        migrations.RunSQL(sql=INVITATIONS, reverse_sql=NO_INVITATIONS),
        migrations.RunSQL(sql=ASKED, reverse_sql=NOT_ASKED),
        *(
            migrations.RunSQL(sql=FORCED.format(table=table), reverse_sql=NOT_FORCED.format(table=table))
            for table in GUARDED
        ),
        migrations.RunSQL(sql=POLICIES, reverse_sql=NO_POLICIES),
    ]
