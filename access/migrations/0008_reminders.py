import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which letters people were sent about what runs out."""

    dependencies = [
        ("access", "0007_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("runs_out_on", models.DateField()),
                ("days", models.PositiveSmallIntegerField()),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "organisation", "runs_out_on", "days"),
                        name="access_reminder_once_of_a_step",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__in", (60, 30, 7))), name="access_reminder_days_are_a_step"
                    ),
                ],
            },
        ),
    ]
