import django.db.models.deletion
from django.db import migrations, models

import encryption.fields
from database.operations import GuardTable

OF_CHILD = """
    ALTER TABLE registry_childtraits ADD CONSTRAINT registry_childtraits_of_child
        FOREIGN KEY (child_id) REFERENCES registry_child ON DELETE CASCADE
"""


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
                        db_constraint=False,
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
        migrations.RunSQL(OF_CHILD, reverse_sql=migrations.RunSQL.noop),
        GuardTable("registry_childtraits"),
    ]
