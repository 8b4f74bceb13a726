import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import encryption.fields
from database.operations import GuardTable


class Migration(migrations.Migration):
    """What of users can be compared, for the examiner, which sees of themselves what is not sealed (docs/adr/0034)."""

    dependencies = [
        ("access", "0021_vetting_by_ticket"),
        ("contactpoint", "0003_examiner"),
        ("encryption", "0001_sealed_type"),
    ]

    operations = [
        migrations.CreateModel(
            name="UserTraits",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("row_version", models.PositiveIntegerField()),
                ("traits", encryption.fields.SealedBytes()),
            ],
        ),
        GuardTable("access_usertraits"),
        GuardTable("access_user", version=3),
    ]
