import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from database.operations import GuardTable


class Migration(migrations.Migration):
    """Views of the log that auditors keep for themselves."""

    dependencies = [("review", "0006_answers"), ("access", "0025_answers")]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("days", models.PositiveSmallIntegerField(null=True)),
                ("readings", models.BooleanField()),
                ("alerts", models.BooleanField()),
                ("apart", models.BooleanField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__regex", "^[a-z0-9_.]*$"), ("reason__regex", "^[a-z0-9_.]*$")),
                        name="review_savedview_holds_codes",
                    ),
                    models.UniqueConstraint(
                        fields=("user", "kind", "reason", "organisation", "days", "readings", "alerts", "apart"),
                        name="review_savedview_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        GuardTable("review_savedview"),
    ]
