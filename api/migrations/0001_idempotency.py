import django.db.models.functions.datetime
from django.db import migrations, models

from database.operations import CreateFunction, GuardTable


class Migration(migrations.Migration):
    """That an entry which a system sends twice is made once."""

    initial = True

    dependencies = [("access", "0036_systems")]

    operations = [
        migrations.CreateModel(
            name="Idempotency",
            fields=[
                ("key_fingerprint", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("asked_fingerprint", models.CharField(max_length=32)),
                ("taken_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("involvement_id", models.BigIntegerField(null=True)),
                ("row_version", models.IntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["taken_at"], name="api_idempotency_taken_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("involvement_id", None), ("row_version", None))
                        | models.Q(("involvement_id__isnull", False), ("row_version__isnull", False)),
                        name="api_idempotency_answered_whole",
                    )
                ],
            },
        ),
        GuardTable("api_idempotency"),
        CreateFunction("api_key_take"),
        CreateFunction("api_key_answer"),
    ]
