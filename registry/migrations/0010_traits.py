import django.db.models.deletion
from django.db import migrations, models

import encryption.fields
from database.operations import GuardTable


class Migration(migrations.Migration):
    """What of children can be compared, for the examiner (docs/adr/0034). `make_traits` makes it of those there are."""

    dependencies = [
        ("registry", "0009_tickets"),
        ("contactpoint", "0003_examiner"),
        ("encryption", "0001_sealed_type"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChildTraits",
            fields=[
                (
                    "child",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.child",
                    ),
                ),
                ("row_version", models.PositiveIntegerField()),
                ("traits", encryption.fields.SealedBytes()),
            ],
        ),
        GuardTable("registry_childtraits"),
    ]
