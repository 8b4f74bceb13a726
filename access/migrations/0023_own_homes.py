import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import encryption.fields
from database.operations import GuardTable


class Migration(migrations.Migration):
    """Homes that users tell as their own, as fingerprints, so that look-ups of neighbours are noticed (docs/adr/0034)."""

    dependencies = [("access", "0022_traits")]

    operations = [
        migrations.AddField("usertraits", "homes_told", models.PositiveSmallIntegerField(default=0)),
        migrations.CreateModel(
            name="OwnHome",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("prints", encryption.fields.SealedField(pad_to=64)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        GuardTable("access_ownhome"),
    ]
