import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Which authorities' events the person may read whose reading this transaction has recorded; CP001 where it has not.
READING = """
    CREATE FUNCTION review_audited() RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        reader bigint := (
            SELECT event.actor_id FROM public.audit_event AS event
            WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
                AND event.kind = 'log.read' AND event.actor_id IS NOT NULL
            ORDER BY event.id DESC LIMIT 1
        );
    BEGIN
        IF reader IS NULL THEN
            RAISE EXCEPTION 'reading the log is recorded first' USING ERRCODE = 'CP001';
        END IF;
        RETURN ARRAY(
            SELECT authority.id FROM public.access_organisation AS authority
            WHERE authority.id IN (SELECT organisation_id FROM public.access_grant WHERE user_id = reader)
                AND public.access_holds(reader, authority.id, '{audit_authority}')
        );
    END
    $$;

    -- Events that name a record or list it. Here, since a condition on a list may not use its index under a policy.
    CREATE FUNCTION review_events_of_record(record bigint) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        audited bigint[] := public.review_audited();
    BEGIN
        RETURN QUERY
            SELECT event.id FROM public.audit_event AS event
                WHERE event.child_id = record AND event.authority_id = ANY (audited)
            UNION
            SELECT event.id FROM public.audit_event AS event
                WHERE event.kind = 'child.listed' AND event.shown @> ARRAY[record] AND event.authority_id = ANY (audited);
    END
    $$;

    -- The record that has a number, where the number's kind is in the log as looked up, and people of the reader's own
    -- authorities have had to do with the record. Otherwise it is as if there were none, shielded or not.
    CREATE FUNCTION review_child_of_number(kind_asked text, presented bytea) RETURNS bigint
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        audited bigint[] := public.review_audited();
        found bigint;
    BEGIN
        IF NOT EXISTS (
            SELECT FROM public.audit_event AS event
            WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
                AND event.kind = 'log.read' AND ('number.' || kind_asked) = ANY (event.fields)
        ) THEN
            RAISE EXCEPTION 'looking a number up is recorded first' USING ERRCODE = 'CP001';
        END IF;
        IF kind_asked = 'own' THEN
            SELECT id INTO found FROM public.registry_child WHERE number_fingerprint = presented;
        ELSE
            SELECT child_id INTO found FROM public.registry_childnumber
                WHERE kind = kind_asked AND fingerprint = presented;
        END IF;
        RETURN (SELECT found WHERE EXISTS (SELECT FROM public.review_events_of_record(found)));
    END
    $$;

    -- The registry's own numbers, sealed as they stand, of the records that these events name. Events of others' people
    -- lead to none; nothing else of a record is here.
    CREATE FUNCTION review_numbers_of(events bigint[])
        RETURNS TABLE (child_id bigint, row_version integer, number public.sealed)
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        audited bigint[] := public.review_audited();
    BEGIN
        IF cardinality(events) > 500 THEN
            RAISE EXCEPTION 'numbers are read of at most 500 events' USING ERRCODE = 'program_limit_exceeded';
        END IF;
        RETURN QUERY
            SELECT child.id, child.row_version, child.number FROM public.registry_child AS child
            WHERE child.id IN (
                -- Of other kinds `shown` holds people.
                SELECT unnest(event.child_id || CASE WHEN event.kind = 'child.listed' THEN event.shown END)
                FROM public.audit_event AS event
                WHERE event.id = ANY (events) AND event.authority_id = ANY (audited)
            );
    END
    $$;
"""
NO_READING = """
    DROP FUNCTION review_numbers_of(bigint[]);
    DROP FUNCTION review_child_of_number(text, bytea);
    DROP FUNCTION review_events_of_record(bigint);
    DROP FUNCTION review_audited();
"""

# An alert is taken and closed beside its event only, by an auditor of its authority; one of nobody's by any auditor.
GUARDS = """
    CREATE FUNCTION review_alert_is_told(told text[], alert bigint, who bigint, result text) RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM public.audit_event AS event
            JOIN public.audit_raisedalert AS raised ON raised.id = alert
            WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
                AND event.kind = ANY (told) AND event.role = 'auditor' AND event.fields[1] = 'alert.' || alert
                AND event.actor_id = coalesce(who, event.actor_id) AND event.reason = coalesce(result, event.reason)
                AND (
                    raised.authority_id IS NULL
                    OR public.access_holds(event.actor_id, raised.authority_id, '{audit_authority}')
                )
        )
    $$;

    -- The hours are the database's; and what is raised after an alert was closed is another one.
    CREATE FUNCTION review_date_inquiry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF NEW.closed_at IS NULL THEN
            NEW.taken_at := now();
        ELSE
            NEW.taken_at := OLD.taken_at;
            NEW.closed_at := now();
            UPDATE public.audit_raisedalert SET growing = false WHERE id = NEW.alert_id;
        END IF;
        RETURN NEW;
    END
    $$;
    CREATE TRIGGER review_inquiry_is_dated BEFORE INSERT OR UPDATE ON review_inquiry
        FOR EACH ROW EXECUTE FUNCTION review_date_inquiry();

    ALTER TABLE review_inquiry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY owner ON review_inquiry TO contactpoint_owner USING (true);
    CREATE POLICY reader_recorded ON review_inquiry FOR SELECT TO contactpoint_reader
        USING ((SELECT audit_reading_is_recorded()));
    CREATE POLICY web_sees ON review_inquiry FOR SELECT TO contactpoint_web
        USING (review_alert_is_told('{alert.taken,alert.closed}', alert_id, NULL, NULL));
    CREATE POLICY web_takes ON review_inquiry FOR INSERT TO contactpoint_web WITH CHECK (
        closed_at IS NULL AND review_alert_is_told('{alert.taken}', alert_id, taken_by_id, NULL)
    );
    CREATE POLICY web_goes_on ON review_inquiry FOR UPDATE TO contactpoint_web USING (
        closed_at IS NULL AND review_alert_is_told('{alert.taken,alert.closed}', alert_id, NULL, NULL)
    ) WITH CHECK (
        CASE
            WHEN closed_at IS NULL THEN review_alert_is_told('{alert.taken}', alert_id, taken_by_id, NULL)
            ELSE review_alert_is_told('{alert.closed}', alert_id, taken_by_id, result)
        END
    );
"""
NO_GUARDS = """
    DROP TRIGGER review_inquiry_is_dated ON review_inquiry;
    DROP FUNCTION review_date_inquiry();
    DROP POLICY web_goes_on ON review_inquiry;
    DROP POLICY web_takes ON review_inquiry;
    DROP POLICY web_sees ON review_inquiry;
    DROP POLICY reader_recorded ON review_inquiry;
    DROP POLICY owner ON review_inquiry;
    ALTER TABLE review_inquiry NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
    DROP FUNCTION review_alert_is_told(text[], bigint, bigint, text);
"""


class Migration(migrations.Migration):
    """What auditors make of alerts, and what their reading of the log opens besides the log."""

    initial = True

    dependencies = [
        ("access", "0008_reminders"),
        ("audit", "0007_alerts_in_groups"),
        ("registry", "0006_charge_both"),
    ]

    operations = [
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("taken_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("explained", "Nothing was wrong, and we know why it was raised"),
                            ("fault", "A fault of the service, put right"),
                            ("conduct", "Somebody’s conduct, passed on to their employer"),
                            ("breach", "A breach of security, reported as one"),
                            ("unexplained", "Looked into and not explained"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "alert",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="inquiry", to="audit.raisedalert"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("result", "")),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("result__in", ["explained", "fault", "conduct", "breach", "unexplained"]),
                            ),
                            _connector="OR",
                        ),
                        name="review_inquiry_closed_with_a_result",
                    )
                ],
            },
        ),
        migrations.RunSQL(READING, NO_READING),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
