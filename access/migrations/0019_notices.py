import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from database.operations import CreateFunction, GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """People are told by letter what was done to their ways in, and whoever takes one away has confirmed it is them."""

    dependencies = [("access", "0017_sign_in")]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("password", "Password changed"),
                            ("factor_added", "Second step added"),
                            ("factor_removed", "Second step removed"),
                            ("codes", "Recovery codes made anew"),
                            ("reset_asked", "New sign-in asked for"),
                            ("reset_done", "New sign-in set up"),
                        ],
                        max_length=20,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["id"],
                        name="access_notice_to_be_sent",
                        condition=models.Q(("refused_at", None), ("sent_at", None)),
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                ["password", "factor_added", "factor_removed", "codes", "reset_asked", "reset_done"],
                            )
                        ),
                        name="access_notice_what_is_known",
                    )
                ],
            },
        ),
        GuardTable("access_notice"),
        CreateFunction("access_notify"),
        ReplaceFunction("access_is_decision", version=2),
    ]
