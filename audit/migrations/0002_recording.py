from django.db import migrations

# The canonical line of an event (docs/access-log.md) and the one way in. What the database knows best it gives itself:
# id, time, transaction. The id is drawn before anything is checked, and a sequence does not roll back: an attempt that
# was refused or taken back leaves a gap, which the sequencer asks about. Error codes are those of audit.errors.
RECORDING = r"""
    CREATE FUNCTION audit_line(event audit_event) RETURNS text LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT concat(
            '1|', event.id, '|', event.transaction_id, '|', (extract(epoch FROM event.at) * 1000000)::bigint,
            '|', event.kind, '|', event.outcome, '|', event.actor_id, '|', event.process, '|', event.role,
            '|', event.organisation_id, '|', event.authority_id, '|', event.session_id, '|', event.request_id,
            '|', event.child_id, '|', event.user_id, '|', event.reason, '|', array_to_string(event.shown, ','),
            '|', array_to_string(event.fields, ','), '|', event.trail,
            '|', encode(sha256(event.criteria), 'hex'), '|', event.writer, '|', event.number,
            '|', array_to_string(event.voided, ','), '|', encode(event.authentication, 'hex')
        )
    $$;

    -- The time of the clock, not of the transaction: a transaction held open for long does not date its events back.
    CREATE FUNCTION audit_append(event audit_event) RETURNS bigint LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        event.at := clock_timestamp();
        event.transaction_id := pg_current_xact_id();
        event.leaf := sha256('\x00'::bytea || convert_to(public.audit_line(event), 'UTF8'));
        INSERT INTO public.audit_event VALUES (event.*);
        RETURN event.id;
    END
    $$;

    -- Who connected, or has taken on which role since; `current_user` is the owner in here.
    CREATE FUNCTION audit_caller() RETURNS text LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT coalesce(nullif(current_setting('role'), 'none'), session_user::text)
    $$;

    -- What no person did. Of the web role only what happens before anybody is known, and the word that it lives.
    CREATE FUNCTION audit_record_process(told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        event public.audit_event := jsonb_populate_record(NULL::public.audit_event, told);
    BEGIN
        event.id := nextval('public.audit_event_id_seq');
        IF event.actor_id IS NOT NULL OR (public.audit_caller() = 'contactpoint_web' AND event.kind NOT IN (
            'access.refused', 'alert.raised', 'log.closed', 'log.heartbeat',
            'second_factor.failed', 'sign_in.failed', 'sign_in.locked'
        )) THEN
            RAISE EXCEPTION 'this event needs the live session of the person who did it' USING ERRCODE = 'CP001';
        END IF;
        RETURN public.audit_append(event);
    END
    $$;
"""

# By grant nobody but the owner could change an event; the trigger refuses the owner too, unless the same transaction
# has recorded that it maintains the log. On rows as well as on statements: a partition can be named directly.
APPEND_ONLY = """
    CREATE FUNCTION audit_event_refuse_change() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM public.audit_event
            WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND kind = 'log.maintained'
        ) THEN
            RETURN coalesce(NEW, OLD);
        END IF;
        RAISE EXCEPTION 'the access log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END
    $$;

    CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse_change();
    CREATE TRIGGER audit_event_row_append_only BEFORE UPDATE OR DELETE ON audit_event
        FOR EACH ROW EXECUTE FUNCTION audit_event_refuse_change();
"""

# A month is made apart and then attached, which locks the log for no reader and no writer.
PARTITIONS = """
    CREATE FUNCTION audit_make_partitions(ahead integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
        SET timezone = 'UTC'
    AS $$
    DECLARE
        month timestamptz;
        name text;
        made integer := 0;
    BEGIN
        FOR month IN SELECT generate_series(
            date_trunc('month', now()), date_trunc('month', now()) + make_interval(months => least(ahead, 24)), '1 month'
        ) LOOP
            name := to_char(month, '"audit_event_"YYYY_MM');
            CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
            EXECUTE format('CREATE TABLE public.%I (LIKE public.audit_event INCLUDING ALL)', name);
            -- The planner's estimates show in EXPLAIN, past every policy: who does much must not be among them.
            EXECUTE format(
                'ALTER TABLE public.%I ALTER COLUMN actor_id SET STATISTICS 0, ALTER COLUMN child_id SET STATISTICS 0,
                    ALTER COLUMN user_id SET STATISTICS 0, ALTER COLUMN session_id SET STATISTICS 0,
                    ALTER COLUMN shown SET STATISTICS 0', name
            );
            EXECUTE format(
                'CREATE TRIGGER audit_event_append_only BEFORE TRUNCATE ON public.%I
                    FOR EACH STATEMENT EXECUTE FUNCTION public.audit_event_refuse_change()', name
            );
            EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
            EXECUTE format('CREATE POLICY owner ON public.%I TO contactpoint_owner USING (true)', name);
            EXECUTE format(
                'ALTER TABLE public.audit_event ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                name, month, month + interval '1 month'
            );
            made := made + 1;
        END LOOP;
        RETURN made;
    END
    $$;

    SELECT audit_make_partitions(3);
"""

# The reader sees the log only in a transaction that has recorded that a person reads it.
ROW_SECURITY = """
    CREATE FUNCTION audit_reading_is_recorded() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.audit_event
            WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND kind = 'log.read'
                AND actor_id IS NOT NULL
        )
    $$;

    ALTER TABLE audit_event ALTER COLUMN actor_id SET STATISTICS 0, ALTER COLUMN child_id SET STATISTICS 0,
        ALTER COLUMN user_id SET STATISTICS 0, ALTER COLUMN session_id SET STATISTICS 0,
        ALTER COLUMN shown SET STATISTICS 0;
    ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY owner ON audit_event TO contactpoint_owner USING (true);
    CREATE POLICY sequencer_seals ON audit_event FOR SELECT TO contactpoint_sequencer USING (true);
    CREATE POLICY reader_recorded ON audit_event FOR SELECT TO contactpoint_reader
        USING ((SELECT audit_reading_is_recorded()));

    -- Whoever holds the lock of its only row is the sequencer. A row, since anybody may take an advisory lock.
    CREATE TABLE audit_turn (one boolean CONSTRAINT audit_turn_pkey PRIMARY KEY CONSTRAINT audit_turn_is_one CHECK (one));
    INSERT INTO audit_turn VALUES (true);

    -- Since when events wait for their seal; nothing when none does. For the watch, which reads no event.
    CREATE FUNCTION audit_unsealed_since() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT min(at) FROM public.audit_event WHERE transaction_id >= coalesce(
            (SELECT before_transaction FROM public.audit_checkpoint ORDER BY size DESC LIMIT 1), '0'
        )
    $$;
"""


class Migration(migrations.Migration):
    """Events are written in one way, never changed, and read only where the reading is recorded.

    Not to be undone: a log that has lost its guards for a while is a log nobody can vouch for.
    """

    dependencies = [("audit", "0001_initial"), ("contactpoint", "0001_roles")]

    operations = [
        migrations.RunSQL(RECORDING),
        migrations.RunSQL(APPEND_ONLY),
        migrations.RunSQL(PARTITIONS),
        migrations.RunSQL(ROW_SECURITY),
    ]
