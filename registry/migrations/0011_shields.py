import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from database.operations import CreateFunction, GuardTable, ReplaceFunction

# Those that there are were filed as shielded when they were made.
FILED = "UPDATE registry_shield SET filed_at = now()"


class Migration(migrations.Migration):
    """A shield is asked for, decided by two, reviewed, and lifted by two (docs/adr/0039)."""

    dependencies = [
        ("access", "0027_shields"),
        ("registry", "0010_traits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="shield",
            name="filed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(FILED, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="shield",
            name="lift_asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="shield",
            name="lift_asked_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="shield",
            name="lift_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("risk_is_over", "The risk is over: the family and whoever works with it agree"),
                    ("family_asks", "The family asks for it, and nobody is at risk if the details show"),
                    ("never_needed", "It was never needed, or was for the wrong child"),
                    ("no_risk_found", "Do not protect: nobody would be at risk if they showed"),
                    ("not_who_they_say", "Do not protect: whoever asked is not who they said, or may not ask"),
                    ("another_child", "Do not protect: it was asked for the wrong child"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="shield",
            name="lifted_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="shield",
            name="reviewed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="shield",
            name="reviewed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="shield",
            name="steps",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="ShieldRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("refuge", "The child lives in a refuge or other safe accommodation"),
                            ("domestic_abuse", "The child or a carer has left somebody who was violent or controlling"),
                            ("threatened", "Somebody who looks for them threatened to harm them"),
                            (
                                "honour_abuse",
                                "Forced marriage, genital mutilation or other abuse in the name of honour is feared",
                            ),
                            (
                                "exploited",
                                "The child was trafficked or exploited, and those who did it may look for them",
                            ),
                            ("witness", "The police protect the child or the family"),
                            ("adoption", "Adopted or placed, and the family of birth must not know where"),
                            ("order_of_court", "A court ordered that the address is not told"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "asker",
                    models.CharField(
                        choices=[
                            ("carer", "A parent or carer with whom the child lives"),
                            ("child_asks", "The child or young person"),
                            ("refuge_asks", "The refuge or service that looks after the family"),
                            ("police_ask", "The police"),
                            ("own_judgement", "Nobody asked me: I ask because of what I know from my work"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "identity_check",
                    models.CharField(
                        choices=[
                            ("known_from_work", "I know them from my work with the family"),
                            ("saw_document", "I saw a document that has a photograph"),
                            ("rang_them_back", "I rang them back on a number that I found myself"),
                            ("nobody_asked", "Nobody asked me"),
                            ("not_checked_yet", "I could not check it yet"),
                        ],
                        max_length=20,
                    ),
                ),
                ("urgent", models.BooleanField()),
                ("asked_at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("protect", "Protect the child’s details"),
                            ("no_risk_found", "Do not protect: nobody would be at risk if they showed"),
                            ("not_who_they_say", "Do not protect: whoever asked is not who they said, or may not ask"),
                            ("another_child", "Do not protect: it was asked for the wrong child"),
                        ],
                        max_length=20,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("steps", models.PositiveIntegerField()),
                (
                    "approved_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organisation"
                    ),
                ),
                ("child", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="registry.child")),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="shield",
            name="request",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="registry.shieldrequest",
            ),
        ),
        migrations.AddIndex(
            model_name="shield",
            index=models.Index(
                condition=models.Q(("filed_at__isnull", True)), fields=["child"], name="registry_shield_to_file"
            ),
        ),
        migrations.AddConstraint(
            model_name="shield",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lift_asked_at", None), ("lift_asked_by", None), ("lift_reason", "")),
                    models.Q(
                        ("lift_asked_at__isnull", False),
                        ("lift_asked_by__isnull", False),
                        (
                            "lift_reason__in",
                            [
                                "risk_is_over",
                                "family_asks",
                                "never_needed",
                                "no_risk_found",
                                "not_who_they_say",
                                "another_child",
                            ],
                        ),
                    ),
                    _connector="OR",
                ),
                name="registry_shield_lifting_is_asked_for",
            ),
        ),
        migrations.AddConstraint(
            model_name="shield",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on", None), ("lifted_by", None)),
                    models.Q(
                        ("ended_on__isnull", False),
                        ("lift_asked_by__isnull", False),
                        ("lifted_by__isnull", False),
                        models.Q(("lifted_by", models.F("lift_asked_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="registry_shield_lifted_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="shieldrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approved_at__isnull", True)),
                fields=("child", "asked_by"),
                name="registry_shieldrequest_one_open_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="shieldrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("asker__in", ["carer", "child_asks", "refuge_asks", "police_ask", "own_judgement"]),
                    ("decision__in", ["", "protect", "no_risk_found", "not_who_they_say", "another_child"]),
                    (
                        "identity_check__in",
                        ["known_from_work", "saw_document", "rang_them_back", "nobody_asked", "not_checked_yet"],
                    ),
                    (
                        "reason__in",
                        [
                            "refuge",
                            "domestic_abuse",
                            "threatened",
                            "honour_abuse",
                            "exploited",
                            "witness",
                            "adoption",
                            "order_of_court",
                        ],
                    ),
                ),
                name="registry_shieldrequest_codes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="shieldrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("asker", "own_judgement"), ("identity_check", "nobody_asked")),
                        models.Q(
                            models.Q(("asker", "own_judgement"), _negated=True),
                            models.Q(("identity_check", "nobody_asked"), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("urgent", True),
                        models.Q(("identity_check", "not_checked_yet"), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="registry_shieldrequest_identity_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="shieldrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("decision", "")),
                    models.Q(
                        models.Q(("decision", ""), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="registry_shieldrequest_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="shieldrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_by", None)),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        ("decided_at__isnull", False),
                        models.Q(("approved_by", models.F("asked_by")), _negated=True),
                        models.Q(("approved_by", models.F("decided_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="registry_shieldrequest_approved_by_a_third",
            ),
        ),
        CreateFunction("registry_shield_event"),
        CreateFunction("registry_shield_authorities"),
        CreateFunction("registry_decides_about_shield"),
        CreateFunction("registry_shield_begin"),
        CreateFunction("registry_shield_begun"),
        CreateFunction("registry_shield_ask"),
        CreateFunction("registry_shield_decide"),
        CreateFunction("registry_shield_step"),
        CreateFunction("registry_shield_requests"),
        CreateFunction("registry_shields"),
        CreateFunction("registry_shields_waiting"),
        ReplaceFunction("registry_read", version=2),
        ReplaceFunction("registry_recalled", version=3),
        ReplaceFunction("search.drawn", version=2),
        GuardTable("registry_shield", version=3),
        GuardTable("registry_shieldrequest"),
    ]
