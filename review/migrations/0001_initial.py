import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from database.operations import CreateFunction, GuardTable


class Migration(migrations.Migration):
    """What auditors make of alerts, and what their reading of the log opens besides the log."""

    initial = True

    dependencies = [
        ("access", "0008_reminders"),
        ("audit", "0008_alerts_in_groups"),
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
        CreateFunction("review_audited"),
        CreateFunction("review_has_to_do"),
        CreateFunction("review_events_of_record"),
        CreateFunction("review_child_of_number"),
        CreateFunction("review_numbers_of"),
        CreateFunction("review_alert_is_told"),
        CreateFunction("review_date_inquiry"),
        GuardTable("review_inquiry"),
    ]
