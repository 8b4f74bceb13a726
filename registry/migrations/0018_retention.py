from django.db import migrations, models

from database.operations import CreateFunction, GuardTable, ReplaceFunction

# The functions of the owner see no number of a record that is archived, so that none can delete it: it goes with the child.
# Not checked here, so that nobody waits for it: that is the next migration's.
NUMBERS = "registry_childnumber_child_id_2110c4b2_fk_registry_child_id"
BOUND = f"""
    ALTER TABLE registry_childnumber DROP CONSTRAINT {NUMBERS}, ADD CONSTRAINT {NUMBERS}
        FOREIGN KEY (child_id) REFERENCES registry_child %s DEFERRABLE INITIALLY DEFERRED NOT VALID;
"""


class Migration(migrations.Migration):
    """A record passes into the archive, which the worker alone sees, and is destroyed from there."""

    dependencies = [("registry", "0017_shielded_alone")]

    operations = [
        migrations.AddField(
            model_name="child",
            name="archived",
            field=models.BooleanField(db_default=False, default=False),
        ),
        ReplaceFunction("registry_child_closed", version=2),
        ReplaceFunction("registry_child_to_keep", version=4),
        CreateFunction("registry_child_destroyed"),
        ReplaceFunction("search.check_epoch", version=2),
        GuardTable("registry_child", version=4),
        migrations.RunSQL(BOUND % "ON DELETE CASCADE", reverse_sql=BOUND % ""),
        migrations.CreateModel(
            name="DestroyedCohort",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("key_number", models.BigIntegerField()),
                ("commitment", models.BinaryField(max_length=32)),
                ("destroyed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key_number",), name="registry_destroyedcohort_each_key_once")
                ],
            },
        ),
        GuardTable("registry_destroyedcohort"),
    ]
