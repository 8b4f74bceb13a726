import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from database.operations import CreateFunction, DropFunction, GuardTable


class Migration(migrations.Migration):
    """From how well its rows fit a feed is linked without a person: suggested by the worker, decided by who keeps it."""

    dependencies = [
        ("feeds", "0003_quality"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Bounds",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weights", models.PositiveSmallIntegerField()),
                ("link", models.FloatField()),
                ("doubt", models.FloatField()),
                ("moves", models.CharField(choices=[("link", "link"), ("doubt", "doubt")], max_length=5)),
                ("moved_from", models.FloatField()),
                ("decided", models.PositiveIntegerField()),
                ("against", models.PositiveIntegerField()),
                ("suggested_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suggested", "Waiting for a decision"),
                            ("confirmed", "Confirmed"),
                            ("refused", "Not taken"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="suggested",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="feeds.supplier"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "suggested")),
                        fields=("supplier",),
                        name="feeds_bounds_one_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("moves__in", ["link", "doubt"]),
                            ("state__in", ["suggested", "confirmed", "refused", "withdrawn"]),
                        ),
                        name="feeds_bounds_codes_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("doubt__lt", models.F("link")),
                            ("doubt__range", (-10.0, 5.0)),
                            ("link__range", (0.0, 40.0)),
                        ),
                        name="feeds_bounds_are_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("against__lte", models.F("decided")), ("decided__gt", 0)),
                        name="feeds_bounds_have_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "suggested")),
                            models.Q(models.Q(("state", "suggested"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="feeds_bounds_decided_by_somebody",
                    ),
                ],
            },
        ),
        # A table of batches, of which there are few: it is locked for no longer than it takes to look at each.
        migrations.AddField(
            model_name="batch",
            name="weights",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="bounds",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feeds.bounds",
            ),
        ),
        GuardTable("feeds_bounds"),
        CreateFunction("feeds_bounds_of"),
        CreateFunction("feeds_bounds_decide"),
        DropFunction("feeds_waiting"),
        CreateFunction("feeds_waiting", version=2),
    ]
