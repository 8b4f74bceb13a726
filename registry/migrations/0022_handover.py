import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from database.operations import CreateFunction, GuardTable, ReplaceFunction


def of_child() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="registry.child")


def of_authority(**options: bool) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organisation", **options
    )


def of_person(**options: bool) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        **options,
    )


class Migration(migrations.Migration):
    """A record changes hands, and children with no education setting are listed each month (docs/adr/0050)."""

    dependencies = [
        ("access", "0033_unplaced"),
        ("registry", "0021_keeping"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("child", of_child()),
                ("authority", of_authority()),
                ("to", of_authority()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("moved_home", "The child has moved home, and lives in its area"),
                            ("looked_after", "It looks after the child (Children Act 1989, section 22)"),
                            ("placed_there", "The child is placed in its area for a long time"),
                            ("never_ours", "The record was ours by mistake"),
                        ],
                        max_length=20,
                    ),
                ),
                ("offered_by", of_person()),
                ("offered_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("accepted", "Taken over"), ("declined", "Declined"), ("withdrawn", "Withdrawn")],
                        max_length=10,
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("lives_elsewhere", "The child does not live in our area"),
                            ("stays_yours", "The child lives in our area for a short time, and stays yours"),
                            ("another_council", "Another council should answer for the child"),
                            ("not_known_to_us", "We could not find out whether the child lives in our area"),
                        ],
                        max_length=20,
                    ),
                ),
                ("decided_by", of_person(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("steps", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("outcome", "")), fields=("child",), name="registry_handover_one_open"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("reason__in", ["moved_home", "looked_after", "placed_there", "never_ours"]),
                            (
                                "refusal__in",
                                ["", "lives_elsewhere", "stays_yours", "another_council", "not_known_to_us"],
                            ),
                        ),
                        name="registry_handover_codes_are_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(("to", F("authority")), _negated=True), name="registry_handover_to_another"
                    ),
                    models.CheckConstraint(
                        condition=Q(outcome="", decided_by=None, decided_at=None, refusal="")
                        | Q(outcome="withdrawn", decided_by__isnull=False, decided_at__isnull=False, refusal="")
                        | Q(decided_by__isnull=False, decided_at__isnull=False)
                        & ~Q(decided_by=F("offered_by"))
                        & (Q(outcome="accepted", refusal="") | Q(outcome="declined") & ~Q(refusal="")),
                        name="registry_handover_decided_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnplacedMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(unique=True)),
                ("reached", models.BigIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Unplaced",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("child", of_child()),
                ("authority", of_authority(db_index=False)),
                ("month", models.DateField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("child", "month"), name="registry_unplaced_once_a_month")
                ],
                "indexes": [
                    models.Index(fields=["authority", "month", "child"], name="registry_unplaced_of_authority")
                ],
            },
        ),
        migrations.CreateModel(
            name="UnplacedCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("authority", of_authority(db_index=False)),
                ("month", models.DateField()),
                ("children", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("authority", "month"), name="registry_unplacedcount_once_a_month")
                ],
            },
        ),
        CreateFunction("registry_who"),
        CreateFunction("registry_identity_goes_on"),
        CreateFunction("registry_handover_child"),
        CreateFunction("registry_handover_led_to"),
        CreateFunction("registry_handover_is_read"),
        CreateFunction("registry_handover_may_know"),
        CreateFunction("registry_handover_who"),
        CreateFunction("registry_handover_offer"),
        CreateFunction("registry_handover_goes_along"),
        CreateFunction("registry_handover_step"),
        CreateFunction("registry_handovers"),
        CreateFunction("registry_handovers_waiting"),
        CreateFunction("registry_unplaced_of"),
        CreateFunction("registry_unplaced_page"),
        CreateFunction("registry_unplaced_who"),
        CreateFunction("registry_unplaced_counts"),
        ReplaceFunction("registry_child_destroyed", version=3),
        GuardTable("registry_handover"),
        GuardTable("registry_unplaced"),
        GuardTable("registry_unplacedmonth"),
        GuardTable("registry_unplacedcount"),
    ]
