import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import encryption.fields
from database.operations import CreateFunction, DropFunction, GuardTable, ReplaceFunction

# On the way back there is no place for sessions in systems: their people let the system act anew.
END_SESSIONS = "DELETE FROM access_session WHERE system_id IS NOT NULL; SET CONSTRAINTS ALL IMMEDIATE"


class Migration(migrations.Migration):
    """Accredited systems, and the sessions that people have in one."""

    dependencies = [("access", "0035_directories"), ("audit", "0035_systems")]

    operations = [
        migrations.CreateModel(
            name="ClientSystem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("client_id", models.CharField(max_length=22, unique=True)),
                ("name", encryption.fields.SealedField()),
                (
                    "addresses",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None),
                ),
                ("keys", models.JSONField()),
                ("accredited_until", models.DateField()),
                ("asked_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("accredited_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "accredited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="client_systems",
                        to="access.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accredited_by", None),
                            models.Q(("accredited_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="access_clientsystem_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accredited_at", None), ("accredited_by", None)),
                            models.Q(("accredited_at__isnull", False), ("accredited_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="access_clientsystem_accredited_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("addresses__len__gt", 0)), name="access_clientsystem_comes_back"
                    ),
                ],
            },
        ),
        migrations.AlterField(model_name="session", name="contents", field=encryption.fields.SealedBytes(null=True)),
        migrations.AddField(
            model_name="session",
            name="system",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.clientsystem"
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="renewal_fingerprint",
            field=models.CharField(max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="session",
            name="line_fingerprint",
            field=models.CharField(max_length=32, null=True, unique=True),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("contents__isnull", False),
                        ("line_fingerprint", None),
                        ("renewal_fingerprint", None),
                        ("system", None),
                    ),
                    models.Q(
                        ("contents", None),
                        ("line_fingerprint__isnull", False),
                        ("renewal_fingerprint__isnull", False),
                        ("system__isnull", False),
                        ("user__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="access_session_of_a_browser_or_a_system",
            ),
        ),
        migrations.CreateModel(
            name="SystemCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_fingerprint", models.CharField(max_length=32, unique=True)),
                ("address", models.CharField(max_length=200)),
                ("challenge", models.CharField(max_length=43)),
                ("second_factor_at", models.DateTimeField()),
                ("signed_in_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "allowed_in",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="access.session",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="access.session",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="access.clientsystem"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="access_systemcode_expires_at")],
            },
        ),
        migrations.RunSQL(migrations.RunSQL.noop, END_SESSIONS),
        ReplaceFunction("access_is_of_sign_in", version=2),
        ReplaceFunction("access_is_decision", version=8),
        ReplaceFunction("access_may_do", version=11),
        ReplaceFunction("access_session_load", version=4),
        ReplaceFunction("access_session_save", version=3),
        ReplaceFunction("access_session_confirm", version=3),
        ReplaceFunction("access_sessions_of", version=2),
        ReplaceFunction("access_show_reach", version=2),
        ReplaceFunction("access_shown_reach", version=2),
        CreateFunction("access_system_standing"),
        CreateFunction("access_system_standings"),
        ReplaceFunction("audit_record", version=5),
        CreateFunction("access_system_load"),
        CreateFunction("access_system_is_told"),
        CreateFunction("access_guard_system"),
        CreateFunction("access_guard_session_begins"),
        GuardTable("access_session", version=3),
        GuardTable("access_clientsystem"),
        GuardTable("access_systemcode"),
        CreateFunction("access_code_make"),
        CreateFunction("access_code_load"),
        CreateFunction("access_code_redeem"),
        CreateFunction("access_system_renew"),
        CreateFunction("access_system_session"),
        CreateFunction("access_system_leave"),
        DropFunction("access_history_of", version=2),
        CreateFunction("access_history_of", version=3),
    ]
