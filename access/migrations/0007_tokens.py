import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import encryption.fields
from database.operations import CreateFunction, GuardTable


class Migration(migrations.Migration):
    """API tokens, which the database vouches for as it does for sessions."""

    dependencies = [("access", "0006_mediation")]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("label", encryption.fields.SealedField()),
                ("token_fingerprint", models.CharField(max_length=32, unique=True)),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("last_used_on", models.DateField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_tokens",
                        to="access.organisation",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="access_apitoken_expires_after_it_is_made",
                    )
                ],
            },
        ),
        CreateFunction("access_token_standing"),
        CreateFunction("access_token_load"),
        CreateFunction("access_token_standings"),
        CreateFunction("audit_record_token"),
        CreateFunction("access_token_reaches"),
        CreateFunction("access_token_is_kept"),
        GuardTable("access_apitoken"),
    ]
