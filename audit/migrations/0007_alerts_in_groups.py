from importlib import import_module

from django.db import migrations, models

people = import_module("audit.migrations.0005_people")
RULES_OF_EVENTS = people.RULES_OF_EVENTS
KINDS = f"{people.KINDS}, {people.OF_PEOPLE}"

# An alert begins beside its first event, whose words it takes over: nobody begins one that is not in the log. Raised
# again it is counted, for as long as it was raised within the last day and no auditor closed it.
FUNCTIONS = """
    CREATE FUNCTION audit_alert_again(asked text, about text, person bigint, authority bigint, amount integer)
        RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        UPDATE public.audit_raisedalert SET times = times + amount, last_at = clock_timestamp()
            WHERE growing AND what = asked AND subject = about AND user_id IS NOT DISTINCT FROM person
                AND authority_id IS NOT DISTINCT FROM authority AND last_at > clock_timestamp() - interval '1 day'
                AND amount > 0;
        RETURN FOUND;
    END
    $$;

    CREATE FUNCTION audit_alert_begin(first_event bigint, about text, amount integer) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        event public.audit_event;
    BEGIN
        SELECT * INTO event FROM public.audit_event
            WHERE transaction_id = pg_current_xact_id_if_assigned() AND at >= now() AND id = first_event
                AND kind = 'alert.raised';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'an alert is recorded before it begins' USING ERRCODE = 'CP001';
        END IF;
        UPDATE public.audit_raisedalert SET growing = false
            WHERE growing AND what = event.reason AND subject = about AND user_id IS NOT DISTINCT FROM event.user_id
                AND authority_id IS NOT DISTINCT FROM event.authority_id
                AND last_at <= clock_timestamp() - interval '1 day';
        INSERT INTO public.audit_raisedalert AS known
            (what, subject, user_id, authority_id, event_id, first_at, last_at, times, growing)
            VALUES (event.reason, about, event.user_id, event.authority_id, event.id, event.at, event.at, amount, true)
            -- Two found it at the same time.
            ON CONFLICT (what, subject, user_id, authority_id) WHERE growing
            DO UPDATE SET times = known.times + excluded.times, last_at = greatest(known.last_at, excluded.last_at);
    END
    $$;

    ALTER TABLE audit_raisedalert ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY owner ON audit_raisedalert TO contactpoint_owner USING (true);
    CREATE POLICY reader_recorded ON audit_raisedalert FOR SELECT TO contactpoint_reader
        USING ((SELECT audit_reading_is_recorded()));
"""
NO_FUNCTIONS = """
    DROP FUNCTION audit_alert_begin(bigint, text, integer);
    DROP FUNCTION audit_alert_again(text, text, bigint, bigint, integer);
"""
# Those raised before there were groups: one for each kind, process or measure, person, authority and day.
EARLIER = """
    INSERT INTO audit_raisedalert
        (what, subject, user_id, authority_id, event_id, first_at, last_at, times, growing)
    SELECT reason, subject, user_id, authority_id, min(id), min(at), max(at), count(*), false
    FROM (
        SELECT *, CASE WHEN reason IN ('removed', 'over_budget') THEN coalesce(fields[1], '') ELSE '' END AS subject
        FROM audit_event WHERE kind = 'alert.raised'
    ) AS raised
    GROUP BY reason, subject, user_id, authority_id, at::date
"""


class Migration(migrations.Migration):
    """Alerts are counted where they go on; auditors take and close them.

    Writers wait while the indexes are made: run it while the log is short, as before the first release.
    """

    dependencies = [("audit", "0006_events_in_ones_name")]

    operations = [
        migrations.RunSQL(
            RULES_OF_EVENTS.replace("{kinds}", f"{KINDS}, 'alert.closed', 'alert.taken'"),
            RULES_OF_EVENTS.replace("{kinds}", KINDS),
        ),
        migrations.CreateModel(
            name="RaisedAlert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("over_budget", "Somebody asked for more than their budget"),
                            ("unsealed", "Events wait for their seal for too long"),
                            ("not_ours", "An event was not written by our software, or was changed before its seal"),
                            ("removed", "An event that a process counted is not in the log"),
                            ("unrecorded", "An event was begun and taken back: a view may have left no record"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "subject",
                    models.CharField(blank=True, max_length=80, verbose_name="the process or measure that it is about"),
                ),
                ("user_id", models.BigIntegerField(null=True, verbose_name="the person whom it is about")),
                (
                    "authority_id",
                    models.BigIntegerField(null=True, verbose_name="whose auditors see it; nobody's is everybody's"),
                ),
                ("event_id", models.BigIntegerField(unique=True, verbose_name="its first event")),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "times",
                    models.BigIntegerField(verbose_name="how often it was raised, or how many things it is about"),
                ),
                ("growing", models.BooleanField(default=True)),
            ],
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("alert.closed", "Alert closed"),
                    ("alert.raised", "Alert"),
                    ("alert.taken", "Alert taken to look at"),
                    ("child.added", "Record made"),
                    ("child.listed", "Search results shown"),
                    ("child.opened", "Record opened"),
                    ("child.searched", "Search"),
                    ("child.shown", "Identity shown"),
                    ("feed.received", "List of people received"),
                    ("grant.given", "Grant given"),
                    ("grant.taken", "Grant taken away"),
                    ("history.read", "Own access history read"),
                    ("involvement.corrected", "Involvement corrected"),
                    ("involvement.ended", "Involvement ended"),
                    ("involvement.read", "Involvements read to change one"),
                    ("involvement.recorded", "Involvement recorded"),
                    ("log.closed", "Process ended"),
                    ("log.heartbeat", "Process alive"),
                    ("log.maintained", "Maintenance of the log"),
                    ("log.read", "Access log read"),
                    ("mediation.begun", "Call of a colleague begun"),
                    ("mediation.ended", "Call of a colleague ended"),
                    ("organisation.accredited", "Organisation accredited"),
                    ("organisation.changed", "Organisation changed"),
                    ("organisation.read", "Organisation read"),
                    ("access.refused", "Refused"),
                    ("second_factor.added", "Second factor added"),
                    ("second_factor.failed", "Second factor failed"),
                    ("second_factor.removed", "Second factor removed"),
                    ("session.ended", "Signed out elsewhere"),
                    ("sign_in.failed", "Sign-in failed"),
                    ("sign_in.locked", "Sign-in locked"),
                    ("sign_in.succeeded", "Signed in"),
                    ("sign_out.done", "Signed out"),
                    ("stop.begun", "Emergency stop begun"),
                    ("stop.lifted", "Emergency stop lifted"),
                    ("token.made", "API token made"),
                    ("token.revoked", "API token revoked"),
                    ("user.added", "User added"),
                    ("user.agreed", "Agreement signed"),
                    ("user.approved", "Joining approved"),
                    ("user.asked", "Approval asked for"),
                    ("user.declined", "Approval declined"),
                    ("user.invited", "User invited"),
                    ("user.joined", "Invitation accepted"),
                    ("user.left", "User left"),
                    ("user.password_changed", "Password changed"),
                    ("user.read", "Person's vetting read"),
                    ("user.reinstated", "User reinstated"),
                    ("user.rejoined", "User to join again"),
                    ("user.reminded", "User reminded"),
                    ("user.revoked", "User revoked"),
                    ("user.role_changed", "Role changed"),
                    ("user.suspended", "User suspended"),
                    ("user.vetted", "Evidence recorded"),
                    ("user.withdrawn", "Invitation withdrawn"),
                    ("people.listed", "List of people read"),
                ],
                max_length=40,
            ),
        ),
        # An auditor asks for all that is about a person, and not only for what was done in their name.
        migrations.RemoveIndex(model_name="event", name="audit_event_in_ones_name"),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("user_id__isnull", False)), fields=["user_id"], name="audit_event_about"
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("session_id__isnull", False)),
                fields=["session_id", "child_id"],
                name="audit_event_visit",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(condition=models.Q(("kind", "alert.raised")), fields=["-id"], name="audit_event_alert"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "child.added",
                            "child.listed",
                            "child.opened",
                            "child.searched",
                            "child.shown",
                            "involvement.read",
                            "involvement.recorded",
                            "log.heartbeat",
                            "log.read",
                            "people.listed",
                            "sign_in.succeeded",
                            "sign_out.done",
                            "user.read",
                        ],
                    ),
                    _negated=True,
                ),
                fields=["kind", "authority_id", "-id"],
                name="audit_event_seldom",
            ),
        ),
        migrations.AddIndex(
            model_name="raisedalert",
            index=models.Index(fields=["authority_id", "-id"], name="audit_raisedalert_authority"),
        ),
        migrations.AddConstraint(
            model_name="raisedalert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("growing", True)),
                fields=("what", "subject", "user_id", "authority_id"),
                name="audit_raisedalert_one_grows",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="raisedalert",
            constraint=models.CheckConstraint(
                condition=models.Q(("times__gt", 0)), name="audit_raisedalert_was_raised"
            ),
        ),
        migrations.AddConstraint(
            model_name="raisedalert",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_at__gte", models.F("first_at"))),
                name="audit_raisedalert_last_is_not_before_first",
            ),
        ),
        migrations.RunSQL(EARLIER, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
    ]
