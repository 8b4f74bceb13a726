from django.db import migrations, models

import encryption.fields

# A session knows when it was last used, and tells its own person alone: only a live session's key lists the sessions of
# its user, and none of them can be opened or borrowed with what is listed.
SESSIONS = """
    CREATE OR REPLACE FUNCTION access_session_begin(presented text, contents sealed, expires_at timestamptz)
        RETURNS bigint LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        INSERT INTO public.access_session (key_fingerprint, contents, started_at, seen_at, expires_at)
        VALUES (presented, contents, now(), now(), least(expires_at, now() + interval '10 hours'))
        ON CONFLICT DO NOTHING RETURNING id
    $$;

    CREATE OR REPLACE FUNCTION access_session_save(presented text, contents sealed, expires_at timestamptz)
        RETURNS bigint LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        UPDATE public.access_session
        SET contents = $2, seen_at = now(), expires_at = least($3, started_at + interval '10 hours')
        WHERE key_fingerprint = presented AND expires_at > clock_timestamp() RETURNING id
    $$;

    -- Said once, at the sign-in: a session that another browser stole does not take its name.
    CREATE FUNCTION access_session_note_device(presented text, told sealed) RETURNS void LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        UPDATE public.access_session SET device = told WHERE key_fingerprint = presented AND device IS NULL
    $$;

    CREATE FUNCTION access_sessions_of(presented text)
        RETURNS TABLE (id bigint, device sealed, started_at timestamptz, seen_at timestamptz, is_own boolean)
        LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT session.id, session.device, session.started_at, session.seen_at, session.id = own.id
        FROM public.access_session AS own JOIN public.access_session AS session ON session.user_id = own.user_id
        WHERE own.key_fingerprint = presented AND own.expires_at > clock_timestamp()
            AND session.expires_at > clock_timestamp()
        ORDER BY session.id = own.id DESC, session.seen_at DESC, session.id
    $$;

    -- Ends those other sessions of the user that this transaction's own event names, so that none ends without one.
    CREATE FUNCTION access_sessions_end(presented text) RETURNS SETOF bigint LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        DELETE FROM public.access_session AS session
        USING public.access_session AS own, public.audit_event AS event
        WHERE own.key_fingerprint = presented AND own.expires_at > clock_timestamp()
            AND event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind = 'session.ended' AND event.session_id = own.id
            AND session.user_id = own.user_id AND session.id <> own.id AND session.id::text = ANY (event.fields)
        RETURNING session.id
    $$;
"""
NO_SESSIONS = """
    DROP FUNCTION access_sessions_end(text);
    DROP FUNCTION access_sessions_of(text);
    DROP FUNCTION access_session_note_device(text, sealed);

    CREATE OR REPLACE FUNCTION access_session_begin(presented text, contents sealed, expires_at timestamptz)
        RETURNS bigint LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        INSERT INTO public.access_session (key_fingerprint, contents, started_at, expires_at)
        VALUES (presented, contents, now(), least(expires_at, now() + interval '10 hours'))
        ON CONFLICT DO NOTHING RETURNING id
    $$;

    CREATE OR REPLACE FUNCTION access_session_save(presented text, contents sealed, expires_at timestamptz)
        RETURNS bigint LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        UPDATE public.access_session SET contents = $2, expires_at = least($3, started_at + interval '10 hours')
        WHERE key_fingerprint = presented AND expires_at > clock_timestamp() RETURNING id
    $$;
"""
# Whoever signed in before this lasts ten hours at most; until then their sessions were last seen when they began.
SEEN_WHEN_BEGUN = "UPDATE access_session SET seen_at = started_at"


class Migration(migrations.Migration):
    """Where somebody is signed in, for themselves to see and to end."""

    dependencies = [("access", "0002_guards"), ("audit", "0004_session_ended"), ("encryption", "0001_sealed_type")]

    operations = [
        migrations.AddField("session", "device", encryption.fields.SealedBytes(null=True)),
        migrations.AddField("session", "seen_at", models.DateTimeField(null=True)),
        migrations.RunSQL(SEEN_WHEN_BEGUN, migrations.RunSQL.noop),
        migrations.AlterField("session", "seen_at", models.DateTimeField()),
        migrations.RunSQL(sql=SESSIONS, reverse_sql=NO_SESSIONS),
    ]
