import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import encryption.fields
from database.operations import CreateFunction, GuardTable

# Sealed values cannot stand in the conditions of models.
RUNG_WHILE_OPEN = """
    ALTER TABLE registry_connectionrequest ADD CONSTRAINT registry_connectionrequest_rung_while_open
        CHECK ((telephone IS NULL) = (closed_at IS NOT NULL))
"""


class Migration(migrations.Migration):
    """The management team makes the connection with a sensitive service (docs/adr/0041)."""

    dependencies = [
        ("access", "0028_protected"),
        ("registry", "0012_named_grants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConnectionRequest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("shared_plan", "I am planning support for the child, and it must fit with theirs"),
                            ("safety_worry", "I am worried about the child’s safety, and they should know"),
                            (
                                "protection_enquiry",
                                "I am making a child protection enquiry (Children Act 1989, section 47)",
                            ),
                            ("treatment_fits", "I treat the child, and what I do may bear on what they do"),
                            ("child_asked", "The child or young person asked me to speak to them"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "soon",
                    models.CharField(
                        choices=[
                            ("today", "Today"),
                            ("within_days", "In the next days"),
                            ("within_weeks", "It can wait a week or two"),
                        ],
                        max_length=20,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("telephone", encryption.fields.SealedField(default=None, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("will_ring", "The service will ring whoever asked"),
                            ("service_declined", "The service decided not to get in touch"),
                            ("none_runs", "No sensitive service works with the child any more"),
                            ("not_reached", "No service could be reached"),
                            ("now_protected", "The child’s details are protected now"),
                            ("not_needed", "Whoever asked does not need it any more"),
                        ],
                        max_length=20,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("steps", models.PositiveIntegerField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("child", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="registry.child")),
                (
                    "closed_by",
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
        migrations.CreateModel(
            name="ConnectionNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("rang_service", "Rang, and spoke to the service"),
                            ("left_message", "Left a message"),
                            ("nobody_answered", "Rang, and nobody answered"),
                            ("passed_on", "Passed on who asks, why, and their number"),
                            ("rang_asker", "Rang whoever asked"),
                        ],
                        max_length=20,
                    ),
                ),
                ("noted_at", models.DateTimeField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="registry.connectionrequest"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="connectionrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("child", "asked_by"),
                name="registry_connectionrequest_one_open_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="connectionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        [
                            "",
                            "will_ring",
                            "service_declined",
                            "none_runs",
                            "not_reached",
                            "now_protected",
                            "not_needed",
                        ],
                    ),
                    (
                        "reason__in",
                        ["shared_plan", "safety_worry", "protection_enquiry", "treatment_fits", "child_asked"],
                    ),
                    ("soon__in", ["today", "within_days", "within_weeks"]),
                ),
                name="registry_connectionrequest_codes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="connectionrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_by", None), ("outcome", "")),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        models.Q(("closed_by", models.F("asked_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="registry_connectionrequest_closed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="connectionnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("step__in", ["rang_service", "left_message", "nobody_answered", "passed_on", "rang_asker"])
                ),
                name="registry_connectionnote_step_is_known",
            ),
        ),
        migrations.RunSQL(RUNG_WHILE_OPEN, migrations.RunSQL.noop),
        CreateFunction("registry_connection_number"),
        CreateFunction("registry_connection_ask"),
        CreateFunction("registry_connections_own"),
        CreateFunction("registry_connections"),
        CreateFunction("registry_connection_notes"),
        CreateFunction("registry_connection_read"),
        CreateFunction("registry_connection_step"),
        CreateFunction("registry_connections_waiting"),
        GuardTable("registry_connectionrequest"),
        GuardTable("registry_connectionnote"),
    ]
