import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import encryption.fields

# A token is good while nothing speaks against it: neither the token itself, nor its organisation, nor the
# administrator who answers for it. Asked on each use. As with sessions, nobody can list fingerprints, only bring one.
STANDING = """
    CREATE FUNCTION access_token_standing(token access_apitoken) RETURNS text LANGUAGE plpgsql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RETURN CASE
            WHEN token.revoked_at IS NOT NULL THEN 'revoked'
            WHEN token.expires_at <= clock_timestamp() THEN 'expired'
            WHEN NOT public.access_organisation_is_open(token.organisation_id) THEN 'organisation'
            WHEN NOT public.access_administers(token.responsible_id, token.organisation_id) THEN 'responsible'
            ELSE ''
        END;
    END
    $$;

    CREATE FUNCTION access_token_load(presented text)
        RETURNS TABLE (id bigint, organisation_id bigint, authority_id bigint, standing text)
        LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT token.id, organisation.id, coalesce(organisation.responsible_authority_id, organisation.id),
            public.access_token_standing(token)
        FROM public.access_apitoken AS token
        JOIN public.access_organisation AS organisation ON organisation.id = token.organisation_id
        WHERE token.token_fingerprint = presented
    $$;

    -- For the page that lists them, which brings no token.
    CREATE FUNCTION access_token_standings(asked bigint[]) RETURNS TABLE (id bigint, standing text)
        LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT token.id, public.access_token_standing(token) FROM public.access_apitoken AS token WHERE token.id = ANY (asked)
    $$;
"""
NO_STANDING = """
    DROP FUNCTION access_token_standings(bigint[]);
    DROP FUNCTION access_token_load(text);
    DROP FUNCTION access_token_standing(access_apitoken);
"""

# What software did is written only where it brought its token, and only of the token's own people. A token that is no
# longer good can still be recorded as refused.
RECORDING = """
    CREATE FUNCTION audit_record_token(presented text, told jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        event public.audit_event := jsonb_populate_record(NULL::public.audit_event, told);
        token public.access_apitoken;
    BEGIN
        event.id := nextval('public.audit_event_id_seq');
        SELECT * INTO token FROM public.access_apitoken WHERE token_fingerprint = presented;
        IF NOT FOUND OR (event.kind <> 'access.refused' AND public.access_token_standing(token) <> '')
            OR event.kind NOT IN (
                'access.refused', 'feed.received', 'grant.taken', 'people.listed', 'user.left', 'user.read', 'user.suspended',
                'user.withdrawn'
            )
            OR (event.process = 'token.' || token.id AND event.actor_id IS NULL AND event.session_id IS NULL
                AND event.child_id IS NULL AND event.shown = '{}' AND event.criteria IS NULL
                AND event.organisation_id = token.organisation_id
                AND event.authority_id = (
                    SELECT coalesce(responsible_authority_id, id) FROM public.access_organisation
                    WHERE id = token.organisation_id
                )) IS NOT TRUE
            OR (event.user_id IS NOT NULL AND NOT public.access_token_reaches(token, event.user_id))
        THEN
            RAISE EXCEPTION 'no live token vouches for the event' USING ERRCODE = 'CP001';
        END IF;
        UPDATE public.access_apitoken SET last_used_on = current_date
            WHERE id = token.id AND last_used_on IS DISTINCT FROM current_date AND event.kind <> 'access.refused';
        RETURN public.audit_append(event);
    END
    $$;

    -- Whether the person is one of the token's organisation, or of those that it answers for.
    CREATE FUNCTION access_token_reaches(token access_apitoken, person bigint) RETURNS boolean LANGUAGE sql STABLE
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.access_user AS one
            JOIN public.access_organisation AS employer ON employer.id = one.organisation_id
            WHERE one.id = person AND token.organisation_id IN (employer.id, employer.responsible_authority_id)
        )
    $$;
"""
NO_RECORDING = """
    DROP FUNCTION access_token_reaches(access_apitoken, bigint);
    DROP FUNCTION audit_record_token(text, jsonb);
"""

# A token is made and revoked only where this transaction's own event says that an administrator of the organisation
# did. Otherwise whoever takes the web process over would make one for themselves.
GUARDS = """
    CREATE FUNCTION access_token_is_kept(told text, responsible bigint, organisation bigint) RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.audit_event
            WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND kind = told
                AND user_id = responsible AND public.access_administers(actor_id, organisation)
                AND (told = 'token.revoked' OR actor_id = responsible)
        )
    $$;

    ALTER TABLE access_apitoken ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY owner ON access_apitoken TO contactpoint_owner USING (true);
    CREATE POLICY web_lists ON access_apitoken FOR SELECT TO contactpoint_web USING (true);
    CREATE POLICY web_makes ON access_apitoken FOR INSERT TO contactpoint_web
        WITH CHECK (revoked_at IS NULL AND access_token_is_kept('token.made', responsible_id, organisation_id));
    CREATE POLICY web_revokes ON access_apitoken FOR UPDATE TO contactpoint_web
        USING (access_token_is_kept('token.revoked', responsible_id, organisation_id))
        WITH CHECK (revoked_at IS NOT NULL);
"""
NO_GUARDS = """
    DROP POLICY web_revokes ON access_apitoken;
    DROP POLICY web_makes ON access_apitoken;
    DROP POLICY web_lists ON access_apitoken;
    DROP POLICY owner ON access_apitoken;
    ALTER TABLE access_apitoken NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
    DROP FUNCTION access_token_is_kept(text, bigint, bigint);
"""


class Migration(migrations.Migration):
    """API tokens, which the database vouches for as it does for sessions."""

    dependencies = [("access", "0006_mediation")]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("label", encryption.fields.SealedField()),
                ("token_fingerprint", models.CharField(max_length=32, unique=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_used_on", models.DateField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_tokens",
                        to="access.organisation",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="access_apitoken_expires_after_it_is_made",
                    )
                ],
            },
        ),
        migrations.RunSQL(sql=STANDING, reverse_sql=NO_STANDING),
        migrations.RunSQL(sql=RECORDING, reverse_sql=NO_RECORDING),
        migrations.RunSQL(sql=GUARDS, reverse_sql=NO_GUARDS),
    ]
