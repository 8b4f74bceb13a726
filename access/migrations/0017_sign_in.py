import django.db.models.deletion
from django.db import migrations, models

import encryption.fields
from database.operations import CreateFunction, DropFunction, GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """Whoever signs people in is a process of its own, and the database keeps what was shown to it (docs/adr/0029).

    Who is signed in while it runs has shown nothing yet, and is asked once more. New columns are empty, and one is dropped:
    no table is rewritten. The service is stopped meanwhile: what signed people in before is gone.
    """

    dependencies = [
        ("access", "0017_passwords"),
        ("audit", "0011_tickets"),
        ("contactpoint", "0002_sign_in"),
        ("encryption", "0001_sealed_type"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.AddField("session", "second_factor_at", models.DateTimeField(null=True)),
        migrations.AddField("session", "confirmed_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="SignInSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_fingerprint", models.CharField(max_length=32, unique=True)),
                ("contents", encryption.fields.SealedBytes()),
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
                ("expires_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["expires_at"], name="access_signinsession_expiry")]},
        ),
        GuardTable("access_signinsession"),
        ReplaceFunction("access_guard_user", version=3),
        migrations.RemoveField("user", "password"),
        DropFunction("access_session_rekey"),
        DropFunction("access_session_load"),
        CreateFunction("access_session_load", version=2),
        CreateFunction("access_session_confirm"),
        CreateFunction("access_is_enrolled"),
        CreateFunction("access_is_decision"),
        CreateFunction("access_is_of_sign_in"),
        ReplaceFunction("audit_record", version=3),
    ]
