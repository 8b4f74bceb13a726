import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from database.operations import CreateFunction, GuardTable

REASONS = ("ran_out", "signed_out", "elsewhere", "password", "stopped")


class Migration(migrations.Migration):
    """Why a session ended, told to whoever holds its key."""

    dependencies = [("access", "0011_two_people")]

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
        CreateFunction("access_note_session_end"),
        GuardTable("access_sessionend"),
        GuardTable("access_session", version=2),
        CreateFunction("access_session_ended"),
        CreateFunction("access_sessions_end_others"),
    ]
