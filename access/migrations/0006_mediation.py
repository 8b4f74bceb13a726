import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The event of that kind that this transaction recorded last with the session whose key's fingerprint is presented.
OWN_EVENT = """
    CREATE FUNCTION access_event_of(presented text, wanted text) RETURNS audit_event LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT event FROM public.audit_event AS event
        JOIN public.access_session AS session ON session.id = event.session_id AND session.user_id = event.actor_id
        WHERE session.key_fingerprint = presented AND session.expires_at > clock_timestamp()
            AND event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now() AND event.kind = wanted
        ORDER BY event.id DESC LIMIT 1
    $$;
"""
NO_OWN_EVENT = "DROP FUNCTION access_event_of(text, text);"

# A call begins and ends beside its event only. It goes with the session in which it was taken.
MEDIATIONS = """
    ALTER TABLE access_mediation ADD CONSTRAINT access_mediation_of_session
        FOREIGN KEY (session_id) REFERENCES access_session ON DELETE CASCADE;
    ALTER TABLE access_mediation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY owner ON access_mediation TO contactpoint_owner USING (true);

    -- Whom a mediator may help, asked anew at each event: a practitioner of the mediator's own authority; and both might
    -- come in themselves this very moment.
    CREATE FUNCTION access_may_be_helped(helper bigint, asking bigint) RETURNS boolean LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.access_user AS colleague
            JOIN public.access_organisation AS employer ON employer.id = colleague.organisation_id
            JOIN public.access_user AS mediator ON mediator.id = helper AND mediator.role = 'mediator'
            JOIN public.access_organisation AS office ON office.id = mediator.organisation_id
            WHERE colleague.id = asking AND colleague.role = 'practitioner'
                AND public.access_may_enter(colleague.id) AND public.access_may_enter(mediator.id)
                AND coalesce(employer.responsible_authority_id, employer.id)
                    = coalesce(office.responsible_authority_id, office.id)
        )
    $$;

    CREATE FUNCTION access_mediation_begin(presented text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        begun public.audit_event := public.access_event_of(presented, 'mediation.begun');
    BEGIN
        IF begun.id IS NULL THEN
            RAISE EXCEPTION 'a call is recorded before it begins' USING ERRCODE = 'CP003';
        END IF;
        UPDATE public.access_mediation SET ended_at = clock_timestamp()
            WHERE session_id = begun.session_id AND ended_at IS NULL;
        INSERT INTO public.access_mediation (mediator_id, colleague_id, session_id, begun_at, expires_at)
            VALUES (begun.actor_id, begun.user_id, begun.session_id, begun.at, begun.at + interval '20 minutes');
    END
    $$;

    CREATE FUNCTION access_mediation_end(presented text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        ended public.audit_event := public.access_event_of(presented, 'mediation.ended');
    BEGIN
        UPDATE public.access_mediation SET ended_at = clock_timestamp()
            WHERE session_id = ended.session_id AND colleague_id = ended.user_id AND ended_at IS NULL;
    END
    $$;

    -- The call in progress in a session, and whether anything may be done in it.
    CREATE FUNCTION access_mediation_of(presented text)
        RETURNS TABLE (id bigint, colleague_id bigint, expires_at timestamptz, standing text)
        LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT mediation.id, mediation.colleague_id, mediation.expires_at,
            CASE
                WHEN NOT public.access_may_be_helped(mediation.mediator_id, mediation.colleague_id) THEN 'stopped'
                WHEN mediation.expires_at <= clock_timestamp() THEN 'over'
                ELSE 'live'
            END
        FROM public.access_mediation AS mediation
        JOIN public.access_session AS session ON session.id = mediation.session_id
        WHERE session.key_fingerprint = presented AND session.expires_at > clock_timestamp()
            AND mediation.ended_at IS NULL
    $$;
"""
NO_MEDIATIONS = """
    DROP FUNCTION access_mediation_of(text);
    DROP FUNCTION access_mediation_end(text);
    DROP FUNCTION access_mediation_begin(text);
    DROP FUNCTION access_may_be_helped(bigint, bigint);
"""

# audit_record has every event of a person charged, and so asked here in whose name it is done. What a mediator opens
# is charged to both: to the colleague as if they had opened it themself. An exhausted budget says whose it is (DETAIL).
CHARGING = """
    CREATE FUNCTION access_check_mediation(event audit_event) RETURNS void LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF event.kind LIKE 'mediation.%' AND event.role <> 'mediator' THEN
            RAISE EXCEPTION 'only a mediator takes calls' USING ERRCODE = 'CP003';
        ELSIF event.kind = 'mediation.begun' AND NOT public.access_may_be_helped(event.actor_id, event.user_id) THEN
            RAISE EXCEPTION 'this person may not be helped by this mediator' USING ERRCODE = 'CP003';
        ELSIF event.kind LIKE 'child.%' AND event.role = 'mediator' AND NOT EXISTS (
            SELECT FROM public.access_mediation AS mediation
            WHERE mediation.session_id = event.session_id AND mediation.mediator_id = event.actor_id
                AND mediation.colleague_id = event.user_id AND mediation.ended_at IS NULL
                AND mediation.expires_at > clock_timestamp()
                AND public.access_may_be_helped(mediation.mediator_id, mediation.colleague_id)
        ) THEN
            RAISE EXCEPTION 'no call of this colleague is in progress' USING ERRCODE = 'CP003';
        ELSIF event.kind SIMILAR TO '(child|involvement).%' AND event.role <> 'mediator' AND event.user_id IS NOT NULL THEN
            RAISE EXCEPTION 'only a mediator acts in the name of somebody else' USING ERRCODE = 'CP003';
        END IF;
    END
    $$;

    CREATE OR REPLACE FUNCTION access_charge(charged bigint, holder text, spent text, amount bigint)
        RETURNS void LANGUAGE plpgsql
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
            RAISE EXCEPTION '%: no budget for this role', spent USING ERRCODE = 'CP002', DETAIL = charged;
        END IF;
        INSERT INTO public.access_usage AS usage (user_id, measure, hour, used) VALUES (charged, spent, this_hour, amount)
            ON CONFLICT (user_id, measure, hour) DO UPDATE SET used = usage.used + excluded.used
            RETURNING used INTO in_hour;
        IF in_hour > budget.hourly THEN
            RAISE EXCEPTION '%: % an hour', spent, budget.hourly USING ERRCODE = 'CP002', DETAIL = charged;
        END IF;
        SELECT sum(used) INTO in_day FROM public.access_usage
            WHERE user_id = charged AND measure = spent AND hour > this_hour - interval '24 hours';
        IF in_day > budget.daily THEN
            RAISE EXCEPTION '%: % a day', spent, budget.daily USING ERRCODE = 'CP002', DETAIL = charged;
        END IF;
    END
    $$;

    -- Both that an event names. The mediator first, always: whoever else charges the two waits in the same order.
    CREATE FUNCTION access_charge_both(actor bigint, holder text, colleague bigint, spent text, amount bigint)
        RETURNS void LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM public.access_charge(actor, holder, spent, amount);
        IF holder = 'mediator' THEN
            PERFORM public.access_charge(person.id, person.role, spent, amount)
                FROM public.access_user AS person WHERE person.id = colleague;
        END IF;
    END
    $$;

    CREATE OR REPLACE FUNCTION access_charge_event(event audit_event) RETURNS void LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        spent text := CASE
            WHEN event.kind = 'child.searched' THEN 'searches'
            WHEN event.kind = 'child.opened' THEN 'records'
            WHEN event.kind IN ('child.listed', 'child.shown', 'involvement.read') THEN 'identities'
        END;
        amount bigint := CASE WHEN event.kind = 'child.listed' THEN cardinality(event.shown) ELSE 1 END;
    BEGIN
        -- In a snapshot from before a suspension, whoever was suspended would go on for as long as they kept it.
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE EXCEPTION 'who may do this is asked as it stands now' USING ERRCODE = 'CP001';
        END IF;
        PERFORM public.access_check_mediation(event);
        IF spent IS NOT NULL THEN
            PERFORM public.access_charge_both(event.actor_id, event.role, event.user_id, spent, amount);
        END IF;
    END
    $$;
"""
ONE_CHARGED = """
    CREATE OR REPLACE FUNCTION access_charge_event(event audit_event) RETURNS void LANGUAGE plpgsql
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
    DROP FUNCTION access_charge_both(bigint, text, bigint, text, bigint);
    DROP FUNCTION access_check_mediation(audit_event);
"""

# What the log holds of one person's own doings, of what a mediator did in their name, and of failures to sign in as
# them: for themself alone, and recorded. Neither alerts about them nor what an administrator did. Month by month, so
# that whoever did much long ago does not wait for all of it; `+ 0`, since the planner, who must not know who does much
# (audit 0002), would rather walk the whole month by id.
HISTORY = """
    CREATE FUNCTION access_history_of(presented text, before bigint, most integer)
        RETURNS TABLE (
            id bigint, at timestamptz, kind text, outcome text, reason text, actor_id bigint, user_id bigint,
            child_id bigint, children integer
        ) LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
        SET timezone = 'UTC'
    AS $$
    DECLARE
        reading public.audit_event := public.access_event_of(presented, 'history.read');
        missing integer := least(most, 100);
        found integer;
        month timestamptz;
    BEGIN
        IF reading.id IS NULL THEN
            RAISE EXCEPTION 'reading one''s history is recorded first' USING ERRCODE = 'CP001';
        END IF;
        FOR month IN
            SELECT to_date(right(relname, 7), 'YYYY_MM') FROM pg_inherits JOIN pg_class ON oid = inhrelid
            WHERE inhparent = 'public.audit_event'::regclass ORDER BY 1 DESC
        LOOP
            RETURN QUERY
                SELECT event.id, event.at, event.kind::text, event.outcome::text, event.reason::text, event.actor_id,
                    event.user_id, event.child_id, cardinality(event.shown)
                FROM public.audit_event AS event
                WHERE event.at >= month AND event.at < month + interval '1 month' AND event.id < before AND (
                    event.actor_id = reading.actor_id
                    OR event.user_id = reading.actor_id AND event.actor_id IS DISTINCT FROM event.user_id AND (
                        event.role = 'mediator' OR event.process = 'sign-in'
                    )
                )
                ORDER BY event.id + 0 DESC LIMIT missing;
            GET DIAGNOSTICS found = ROW_COUNT;
            missing := missing - found;
            EXIT WHEN missing = 0;
        END LOOP;
    END
    $$;
"""
NO_HISTORY = "DROP FUNCTION access_history_of(text, bigint, integer);"


class Migration(migrations.Migration):
    """Mediators open nothing but in the name of a colleague who is asking; everybody can read what they did themself."""

    dependencies = [
        ("access", "0005_people"),
        ("audit", "0006_events_in_ones_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mediation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begun_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "colleague",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mediator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="access.session",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("session",),
                        name="access_mediation_one_in_a_session",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mediator", models.F("colleague")), _negated=True),
                        name="access_mediation_for_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("begun_at"))),
                        name="access_mediation_expires_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.RunSQL(sql=OWN_EVENT, reverse_sql=NO_OWN_EVENT),
        migrations.RunSQL(sql=MEDIATIONS, reverse_sql=NO_MEDIATIONS),
        migrations.RunSQL(sql=CHARGING, reverse_sql=ONE_CHARGED),
        migrations.RunSQL(sql=HISTORY, reverse_sql=NO_HISTORY),
    ]
