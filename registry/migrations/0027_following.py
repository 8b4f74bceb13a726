import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import encryption.fields
from database.operations import CreateFunction, GuardTable

# What follows a child's record goes with the record, by the database itself, whoever destroys it.
GO_ALONG = """
    ALTER TABLE registry_following ADD CONSTRAINT registry_following_child FOREIGN KEY (child_id)
        REFERENCES registry_child ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE registry_untold ADD CONSTRAINT registry_untold_following FOREIGN KEY (following_id)
        REFERENCES registry_following ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """Systems follow records, and are told that something changed (docs/adr/0059)."""

    dependencies = [("registry", "0026_reports"), ("access", "0038_telling"), ("encryption", "0001_sealed_type")]

    operations = [
        migrations.CreateModel(
            name="Following",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("pair", models.BinaryField(max_length=16)),
                ("reference", models.BinaryField(max_length=16)),
                ("until", models.DateField()),
                ("details", encryption.fields.SealedField(pad_to=320)),
                (
                    "child",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to="registry.child"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["until"], name="registry_following_until")],
                "constraints": [
                    models.UniqueConstraint(fields=("pair",), name="registry_following_one_of_a_pair"),
                    models.UniqueConstraint(fields=("reference",), name="registry_following_reference_is_unique"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Untold",
            fields=[
                (
                    "following",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        serialize=False,
                        to="registry.following",
                    ),
                ),
                ("changes", models.PositiveIntegerField()),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("attempts", models.PositiveIntegerField(db_default=0)),
                ("next_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["next_at"], name="registry_untold_next")],
            },
        ),
        migrations.RunSQL(GO_ALONG, reverse_sql=migrations.RunSQL.noop),
        CreateFunction("registry_following_event"),
        CreateFunction("registry_following_of"),
        CreateFunction("registry_follow"),
        CreateFunction("registry_following_led_to"),
        CreateFunction("registry_unfollow"),
        CreateFunction("registry_following_standing"),
        CreateFunction("registry_note_changed"),
        CreateFunction("registry_note_changes"),
        CreateFunction("registry_note_child_changes"),
        GuardTable("registry_following"),
        GuardTable("registry_untold"),
        GuardTable("registry_child", version=6),
        GuardTable("registry_childname", version=3),
        GuardTable("registry_childaddress", version=3),
        GuardTable("registry_childnumber", version=4),
        GuardTable("registry_guardian", version=3),
        GuardTable("registry_involvement", version=5),
    ]
