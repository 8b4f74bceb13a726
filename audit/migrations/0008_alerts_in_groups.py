from django.db import migrations, models

from database.operations import CreateFunction, GuardTable, ReplaceFunction

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
    """Alerts are counted where they go on; auditors take and close them."""

    dependencies = [("audit", "0007_withdrawn_and_recalled")]

    operations = [
        ReplaceFunction("audit_rule_broken_by", version=5),
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
                    ("child.recalled", "Records opened lately shown"),
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
                    ("involvement.withdrawn", "Involvement withdrawn as a mistake"),
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
        CreateFunction("audit_alert_again"),
        CreateFunction("audit_alert_begin"),
        GuardTable("audit_raisedalert"),
    ]
