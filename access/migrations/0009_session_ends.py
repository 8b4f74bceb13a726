import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

REASONS = ("ran_out", "signed_out", "elsewhere", "password", "stopped")

# Whatever ends somebody's session leaves why, for a day, under the fingerprint of its key: whoever still holds the key
# is told, and nobody can list the rest. That somebody signed out, or that their access was stopped, is told no longer
# than the session itself would have lasted.
ENDS = """
    CREATE FUNCTION access_note_session_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        reason text := 'ran_out';
    BEGIN
        IF OLD.expires_at > clock_timestamp() THEN
            -- This transaction's own event says who ended it; somebody's own signing out is recorded before.
            SELECT CASE kind WHEN 'session.ended' THEN 'elsewhere' WHEN 'user.password_changed' THEN 'password' ELSE 'stopped' END
                INTO reason FROM public.audit_event
                WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND user_id = OLD.user_id AND (
                    kind = 'session.ended' AND OLD.id::text = ANY (fields)
                    OR kind = 'user.password_changed' AND session_id <> OLD.id
                    OR kind IN (
                        'stop.begun', 'user.declined', 'user.left', 'user.rejoined', 'user.revoked', 'user.suspended',
                        'user.withdrawn'
                    )
                )
                ORDER BY id DESC LIMIT 1;
        END IF;
        INSERT INTO public.access_sessionend (key_fingerprint, user_id, why, began_at, expires_at, told_until)
        VALUES (
            OLD.key_fingerprint, OLD.user_id, coalesce(reason, 'signed_out'), OLD.started_at, OLD.expires_at,
            CASE WHEN reason IS NULL THEN OLD.expires_at ELSE clock_timestamp() + interval '1 day' END
        );
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER access_session_ends AFTER DELETE ON access_session FOR EACH ROW WHEN (OLD.user_id IS NOT NULL)
        EXECUTE FUNCTION access_note_session_end();

    CREATE FUNCTION access_session_ended(presented text)
        RETURNS TABLE (user_id bigint, why text, would_have_lasted interval) LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT user_id, 'ran_out', expires_at - started_at FROM public.access_session
        WHERE key_fingerprint = presented AND user_id IS NOT NULL AND expires_at <= clock_timestamp()
        UNION ALL
        SELECT user_id, CASE WHEN why = 'stopped' AND expires_at <= clock_timestamp() THEN 'ran_out' ELSE why END,
            expires_at - began_at
        FROM public.access_sessionend WHERE key_fingerprint = presented AND told_until > clock_timestamp()
    $$;

    -- After a new password every other session of the person ends at once, beside the event that says so.
    CREATE FUNCTION access_sessions_end_others(presented text) RETURNS SETOF bigint LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        DELETE FROM public.access_session AS session
        USING public.access_session AS own, public.audit_event AS event
        WHERE own.key_fingerprint = presented AND own.expires_at > clock_timestamp()
            AND event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind = 'user.password_changed' AND event.session_id = own.id
            AND session.user_id = own.user_id AND session.id <> own.id
        RETURNING session.id
    $$;

    ALTER TABLE access_sessionend ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY owner ON access_sessionend TO contactpoint_owner USING (true);
    CREATE POLICY worker_sees_untold ON access_sessionend FOR SELECT TO contactpoint_worker USING (told_until <= now());
    CREATE POLICY worker_removes_untold ON access_sessionend FOR DELETE TO contactpoint_worker USING (told_until <= now());
"""
NO_ENDS = """
    DROP POLICY worker_removes_untold ON access_sessionend;
    DROP POLICY worker_sees_untold ON access_sessionend;
    DROP POLICY owner ON access_sessionend;
    ALTER TABLE access_sessionend NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
    DROP FUNCTION access_sessions_end_others(text);
    DROP FUNCTION access_session_ended(text);
    DROP TRIGGER access_session_ends ON access_session;
    DROP FUNCTION access_note_session_end();
"""


class Migration(migrations.Migration):
    """Why a session ended, told to whoever holds its key."""

    dependencies = [("access", "0008_reminders")]

    operations = [
        migrations.CreateModel(
            name="SessionEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_fingerprint", models.CharField(max_length=32, unique=True)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("ran_out", "Ran out"),
                            ("signed_out", "Signed out"),
                            ("elsewhere", "Signed out from elsewhere"),
                            ("password", "Password changed"),
                            ("stopped", "Access stopped"),
                        ],
                        max_length=20,
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("told_until", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["told_until"], name="access_sessionend_told_until")],
                "constraints": [
                    models.CheckConstraint(name="access_sessionend_why_is_known", condition=Q(why__in=REASONS))
                ],
            },
        ),
        migrations.RunSQL(sql=ENDS, reverse_sql=NO_ENDS),
    ]
