import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from database.operations import CreateFunction, GuardTable


class Migration(migrations.Migration):
    """Sessions that only their own key opens, budgets, and events that a live session vouches for."""

    dependencies = [("access", "0001_initial"), ("audit", "0002_recording")]

    operations = [
        migrations.CreateModel(
            name="Budget",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "role", "measure", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("role", models.CharField(max_length=20)),
                ("measure", models.CharField(max_length=20)),
                ("hourly", models.PositiveIntegerField()),
                ("daily", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Usage",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "user", "measure", "hour", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("measure", models.CharField(max_length=20)),
                ("hour", models.DateTimeField()),
                ("used", models.BigIntegerField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        CreateFunction("access_session_load"),
        CreateFunction("access_session_begin"),
        CreateFunction("access_session_save"),
        CreateFunction("access_session_rekey"),
        CreateFunction("access_session_end"),
        GuardTable("access_session"),
        CreateFunction("access_charge"),
        CreateFunction("access_charge_event"),
        CreateFunction("audit_record"),
        CreateFunction("access_sign_in"),
    ]
