import django.db.models.deletion
from django.db import migrations, models

import encryption.fields
from database.operations import GuardTable, ReplaceFunction

OF_CHILD = """
    ALTER TABLE registry_childsaidby ADD CONSTRAINT registry_childsaidby_of_child FOREIGN KEY (child_id)
        REFERENCES registry_child ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    """Whose words stand on a record, and where sources differ (docs/adr/0053)."""

    dependencies = [("registry", "0024_together"), ("encryption", "0001_sealed_type")]

    operations = [
        migrations.CreateModel(
            name="ChildSaidBy",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("details", encryption.fields.SealedField(pad_to=320)),
                (
                    "child",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="registry.child",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("child",), name="registry_childsaidby_one_of_a_child")],
            },
        ),
        migrations.RunSQL(OF_CHILD, reverse_sql=migrations.RunSQL.noop),
        GuardTable("registry_childsaidby"),
        ReplaceFunction("registry_read", version=6),
    ]
