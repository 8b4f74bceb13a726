import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from database.operations import GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """A system is told that something changed (docs/adr/0059)."""

    dependencies = [("access", "0037_clients"), ("audit", "0037_following")]

    operations = [
        migrations.CreateModel(
            name="Telling",
            fields=[
                (
                    "system",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="telling",
                        serialize=False,
                        to="access.clientsystem",
                    ),
                ),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                (
                    "last_failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("address", "Its address is unknown, or not one of the public network"),
                            ("connection", "It could not be reached"),
                            ("certificate", "Its certificate is not one that we trust"),
                            ("time", "It did not answer in time"),
                            ("answer", "It answered with something that is no answer"),
                            ("redirect", "It sent us on to another address, where we do not go"),
                            ("refused", "It refused what it was told"),
                            ("key", "It could not check our signature"),
                            ("audience", "It said that this was not for it, or not from us"),
                            ("broken", "It said that it does not work just now"),
                        ],
                        max_length=12,
                    ),
                ),
                ("last_failed_at", models.DateTimeField(null=True)),
                ("not_taken", models.PositiveIntegerField(default=0)),
                ("given_up", models.PositiveIntegerField(default=0)),
                ("last_taken_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="TellingKey",
            fields=[
                ("kid", models.CharField(max_length=43, primary_key=True, serialize=False)),
                ("x", models.CharField(max_length=43)),
                ("y", models.CharField(max_length=43)),
                ("published_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddField(
            model_name="clientsystem",
            name="telling_address",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddConstraint(
            model_name="clientsystem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("telling_address", ""),
                    models.Q(("purpose", "people"), ("telling_address__startswith", "https://")),
                    models.Q(("purpose", "people"), ("telling_address__startswith", "http://127.0.0.1:")),
                    _connector="OR",
                ),
                name="access_clientsystem_is_told_over_https",
            ),
        ),
        migrations.AddConstraint(
            model_name="telling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "last_failure__in",
                        [
                            "",
                            "address",
                            "connection",
                            "certificate",
                            "time",
                            "answer",
                            "redirect",
                            "refused",
                            "key",
                            "audience",
                            "broken",
                        ],
                    )
                ),
                name="access_telling_failure_is_known",
            ),
        ),
        GuardTable("access_telling"),
        GuardTable("access_tellingkey"),
        ReplaceFunction("access_may_do", version=13),
        ReplaceFunction("audit_record", version=6),
    ]
