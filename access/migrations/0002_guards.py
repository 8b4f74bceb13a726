import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# No session lasts longer than ten hours, whatever its process says (SESSION_COOKIE_AGE).
# A session's key is a secret, and so is its fingerprint: nobody can list the table, only ask for one row whose
# fingerprint they bring. The web role has no other way to sessions than these.
SESSIONS = """
    CREATE FUNCTION access_session_load(presented text) RETURNS TABLE (id bigint, contents sealed)
        LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT id, contents FROM public.access_session WHERE key_fingerprint = presented AND expires_at > clock_timestamp()
    $$;

    CREATE FUNCTION access_session_begin(presented text, contents sealed, expires_at timestamptz)
        RETURNS bigint LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        INSERT INTO public.access_session (key_fingerprint, contents, started_at, expires_at)
        VALUES (presented, contents, now(), least(expires_at, now() + interval '10 hours'))
        ON CONFLICT DO NOTHING RETURNING id
    $$;

    CREATE FUNCTION access_session_save(presented text, contents sealed, expires_at timestamptz)
        RETURNS bigint LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        UPDATE public.access_session SET contents = $2, expires_at = least($3, started_at + interval '10 hours')
        WHERE key_fingerprint = presented AND expires_at > clock_timestamp() RETURNING id
    $$;

    -- The same session under a new key, as after a sign-in: whoever knew the old one knows nothing now.
    CREATE FUNCTION access_session_rekey(presented text, replacement text, contents sealed)
        RETURNS bigint LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        UPDATE public.access_session SET key_fingerprint = replacement, contents = $3
        WHERE key_fingerprint = presented AND expires_at > clock_timestamp() RETURNING id
    $$;

    CREATE FUNCTION access_session_end(presented text) RETURNS void LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        DELETE FROM public.access_session WHERE key_fingerprint = presented
    $$;

    ALTER TABLE access_session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY owner ON access_session TO contactpoint_owner USING (true);
    CREATE POLICY worker_sees_ended ON access_session FOR SELECT TO contactpoint_worker USING (expires_at <= now());
    CREATE POLICY worker_removes_ended ON access_session FOR DELETE TO contactpoint_worker USING (expires_at <= now());
"""
NO_SESSIONS = """
    DROP POLICY worker_removes_ended ON access_session;
    DROP POLICY worker_sees_ended ON access_session;
    DROP POLICY owner ON access_session;
    ALTER TABLE access_session NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
    DROP FUNCTION access_session_end(text);
    DROP FUNCTION access_session_rekey(text, text, sealed);
    DROP FUNCTION access_session_save(text, sealed, timestamptz);
    DROP FUNCTION access_session_begin(text, sealed, timestamptz);
    DROP FUNCTION access_session_load(text);
"""

# Budgets are counted by the hour, in the transaction of the event: two openings at once by one person are counted one
# after the other, and what is rolled back was not disclosed.
BUDGETS = """
    CREATE FUNCTION access_charge(charged bigint, holder text, spent text, amount bigint) RETURNS void LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        budget public.access_budget;
        -- By the clock and by one zone: neither an old transaction nor a zone of one's own makes a fresh hour.
        this_hour timestamptz := date_trunc('hour', clock_timestamp(), 'UTC');
        in_hour bigint;
        in_day bigint;
    BEGIN
        SELECT * INTO budget FROM public.access_budget WHERE role = holder AND measure = spent;
        IF NOT FOUND THEN
            RAISE EXCEPTION '%: no budget for this role', spent USING ERRCODE = 'CP002';
        END IF;
        INSERT INTO public.access_usage AS usage (user_id, measure, hour, used) VALUES (charged, spent, this_hour, amount)
            ON CONFLICT (user_id, measure, hour) DO UPDATE SET used = usage.used + excluded.used
            RETURNING used INTO in_hour;
        IF in_hour > budget.hourly THEN
            RAISE EXCEPTION '%: % an hour', spent, budget.hourly USING ERRCODE = 'CP002';
        END IF;
        SELECT sum(used) INTO in_day FROM public.access_usage
            WHERE user_id = charged AND measure = spent AND hour > this_hour - interval '24 hours';
        IF in_day > budget.daily THEN
            RAISE EXCEPTION '%: % a day', spent, budget.daily USING ERRCODE = 'CP002';
        END IF;
    END
    $$;

    CREATE FUNCTION access_charge_event(event audit_event) RETURNS void LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        CASE event.kind
            WHEN 'child.searched' THEN PERFORM public.access_charge(event.actor_id, event.role, 'searches', 1);
            WHEN 'child.opened' THEN PERFORM public.access_charge(event.actor_id, event.role, 'records', 1);
            WHEN 'child.shown', 'involvement.read' THEN
                PERFORM public.access_charge(event.actor_id, event.role, 'identities', 1);
            WHEN 'child.listed' THEN
                PERFORM public.access_charge(event.actor_id, event.role, 'identities', cardinality(event.shown));
            ELSE NULL;
        END CASE;
    END
    $$;
"""
NO_BUDGETS = """
    DROP FUNCTION access_charge_event(audit_event);
    DROP FUNCTION access_charge(bigint, text, text, bigint);
"""

# What a person did is written only where that person's live session vouches for it. Somebody suspended can still be
# recorded as refused, and as signing out.
RECORDING = """
    CREATE FUNCTION audit_record(presented text, told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
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
                -- What an event opens, only the role that may have it opened records (access.roles).
                AND (person.role = 'auditor' OR event.kind <> 'log.read')
                AND (person.role = 'practitioner' OR event.kind NOT LIKE 'involvement.%')
        ) THEN
            RAISE EXCEPTION 'no live session of this user vouches for the event' USING ERRCODE = 'CP001';
        END IF;
        PERFORM public.access_charge_event(event);
        RETURN public.audit_append(event);
    END
    $$;

    -- The one way in which a session becomes somebody's, so that none does without its event.
    CREATE FUNCTION access_sign_in(presented text, told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF told ->> 'kind' <> 'sign_in.succeeded' THEN
            RAISE EXCEPTION 'a session begins with a sign-in' USING ERRCODE = 'CP001';
        END IF;
        UPDATE public.access_session SET user_id = (told ->> 'actor_id')::bigint
            WHERE key_fingerprint = presented AND user_id IS NULL;
        RETURN public.audit_record(presented, told);
    END
    $$;
"""
NO_RECORDING = """
    DROP FUNCTION access_sign_in(text, jsonb);
    DROP FUNCTION audit_record(text, jsonb);
"""


class Migration(migrations.Migration):
    """Sessions that only their own key opens, budgets, and events that a live session vouches for."""

    dependencies = [("access", "0001_initial"), ("audit", "0002_recording")]

    operations = [
        migrations.CreateModel(
            name="Budget",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "role", "measure", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("role", models.CharField(max_length=20)),
                ("measure", models.CharField(max_length=20)),
                ("hourly", models.PositiveIntegerField()),
                ("daily", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Usage",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "user", "measure", "hour", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("measure", models.CharField(max_length=20)),
                ("hour", models.DateTimeField()),
                ("used", models.BigIntegerField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.RunSQL(sql=SESSIONS, reverse_sql=NO_SESSIONS),
        migrations.RunSQL(sql=BUDGETS, reverse_sql=NO_BUDGETS),
        migrations.RunSQL(sql=RECORDING, reverse_sql=NO_RECORDING),
    ]
