import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from database.operations import CreateFunction, DropFunction, GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """People are told by letter what was done to their ways in, and two administrators may give somebody a new sign-in.

    Whoever takes a way in away has just confirmed that it is them. New columns have a default that is no expression: no
    table is rewritten. There is a way back only while nobody has asked for a new sign-in: what was asked is not taken away.
    """

    dependencies = [("access", "0018_shown"), ("audit", "0014_new_sign_in")]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("password", "Password changed"),
                            ("factor_added", "Second step added"),
                            ("factor_removed", "Second step removed"),
                            ("codes", "Recovery codes made anew"),
                            ("reset_asked", "New sign-in asked for"),
                            ("reset_done", "New sign-in set up"),
                        ],
                        max_length=20,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["id"],
                        name="access_notice_to_be_sent",
                        condition=models.Q(("refused_at", None), ("sent_at", None)),
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                ["password", "factor_added", "factor_removed", "codes", "reset_asked", "reset_done"],
                            )
                        ),
                        name="access_notice_what_is_known",
                    )
                ],
            },
        ),
        GuardTable("access_notice"),
        CreateFunction("access_notify"),
        ReplaceFunction("access_is_decision", version=2),
        migrations.RemoveConstraint(
            model_name="approval",
            name="access_approval_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="sessionend",
            name="access_sessionend_why_is_known",
        ),
        migrations.AddField(
            model_name="approval",
            name="identity_check",
            field=models.CharField(
                blank=True,
                choices=[
                    ("seen_in_person", "Seen in person, with a document that has a photograph"),
                    ("video_call", "Seen on a video call, by a manager who knows them"),
                    ("rung_back", "Rung back on the number that their organisation has for them"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="purpose",
            field=models.CharField(
                choices=[("join", "To join"), ("reset", "To set up a new sign-in")],
                db_default="join",
                default="join",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="approval",
            name="kind",
            field=models.CharField(
                choices=[
                    ("join", "To join"),
                    ("role", "To change role"),
                    ("reinstate", "To come back from a suspension"),
                    ("rejoin", "To join again"),
                    ("sign_in", "To get a new sign-in"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="sessionend",
            name="why",
            field=models.CharField(
                choices=[
                    ("ran_out", "Ran out"),
                    ("signed_out", "Signed out"),
                    ("elsewhere", "Signed out from elsewhere"),
                    ("password", "Password changed"),
                    ("reset", "New sign-in agreed"),
                    ("stopped", "Access stopped"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["join", "role", "reinstate", "rejoin", "sign_in"])),
                name="access_approval_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("identity_check__in", ["seen_in_person", "video_call", "rung_back"]), ("kind", "sign_in")
                    ),
                    models.Q(models.Q(("kind", "sign_in"), _negated=True), ("identity_check", "")),
                    _connector="OR",
                ),
                name="access_approval_of_a_sign_in_says_who_it_is_for",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["join", "reset"])), name="access_invitation_purpose_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionend",
            constraint=models.CheckConstraint(
                condition=models.Q(("why__in", ["ran_out", "signed_out", "elsewhere", "password", "reset", "stopped"])),
                name="access_sessionend_why_is_known",
            ),
        ),
        CreateFunction("access_awaits_new_sign_in"),
        CreateFunction("access_reset_is_agreed"),
        DropFunction("access_invitation_load"),
        CreateFunction("access_invitation_load", version=2),
        ReplaceFunction("access_invitation_standing", version=2),
        ReplaceFunction("access_invitation_accept", version=2),
        ReplaceFunction("access_may_be_helped", version=2),
        ReplaceFunction("access_may_do", version=2),
        ReplaceFunction("access_note_session_end", version=3),
        ReplaceFunction("access_sessions_end_of", version=2),
        ReplaceFunction("access_sign_in", version=2),
        GuardTable("access_approval", version=3),
        GuardTable("access_invitation", version=3),
    ]
