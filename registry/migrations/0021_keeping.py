import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import encryption.fields
from database.operations import CreateFunction, GuardTable, ReplaceFunction


def to(model: str, *, null: bool = False, index: bool = True, cascade: bool = False) -> models.ForeignKey:
    """A reference that is read in one direction."""
    on_delete = django.db.models.deletion.CASCADE if cascade else django.db.models.deletion.PROTECT
    return models.ForeignKey(on_delete=on_delete, related_name="+", to=model, null=null, db_index=index)


class Migration(migrations.Migration):
    """A record is kept to the 25th birthday by consent, and one in the archive is read by two (docs/adr/0049)."""

    dependencies = [
        ("access", "0032_feeds"),
        ("registry", "0020_matching"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Keeping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("care_leaver", "They were looked after by the council, and leave or have left its care"),
                            ("learning_disability", "They have a learning disability"),
                        ],
                        max_length=20,
                    ),
                ),
                ("given_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("sealed_at", models.DateTimeField(null=True)),
                ("authority", to("access.organisation", index=False)),
                (
                    "child",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="registry.child"),
                ),
                ("ended_by", to(settings.AUTH_USER_MODEL, null=True, index=False)),
                ("recorded_by", to(settings.AUTH_USER_MODEL, index=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("child",), name="registry_keeping_one_in_force"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ground__in", ["care_leaver", "learning_disability"])),
                        name="registry_keeping_ground_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="registry_keeping_ended_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArchiveRequest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("number_fingerprint", models.BinaryField(max_length=16)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            (
                                "archive_upkeep",
                                "A question, a complaint or a mistake, in its first year in the archive",
                            ),
                            ("archive_enquiry", "A child protection enquiry (Children Act 1989, section 47)"),
                            ("archive_review", "A serious case review, or a child safeguarding practice review"),
                            ("archive_death", "A review of a child’s death"),
                        ],
                        max_length=20,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(blank=True, choices=[("given", "Given"), ("refused", "Refused")], max_length=10),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "found",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("there", "It is there"),
                            ("none", "No such record is in the archive"),
                            ("too_late", "Not any more for this reason"),
                        ],
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", encryption.fields.SealedField(default=None, null=True)),
                ("steps", models.PositiveIntegerField()),
                ("asked_by", to(settings.AUTH_USER_MODEL, index=False)),
                ("authority", to("access.organisation")),
                ("child", to("registry.child", null=True, cascade=True)),
                ("decided_by", to(settings.AUTH_USER_MODEL, null=True, index=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("number_fingerprint", "authority"),
                        name="registry_archiverequest_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("found__in", ["", "there", "none", "too_late"]),
                            (
                                "reason__in",
                                ["archive_upkeep", "archive_enquiry", "archive_review", "archive_death"],
                            ),
                        ),
                        name="registry_archiverequest_codes_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("outcome", "")),
                            models.Q(
                                ("decided_at__isnull", False), ("decided_by__isnull", False), ("outcome", "refused")
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("outcome", "given"),
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="registry_archiverequest_given_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("child", None), ("found", "")),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("child", None),
                                ("found__in", ["none", "too_late"]),
                                ("outcome", "given"),
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("child__isnull", False),
                                ("found", "there"),
                                ("outcome", "given"),
                            ),
                            _connector="OR",
                        ),
                        name="registry_archiverequest_answered_once_given",
                    ),
                ],
            },
        ),
        GuardTable("registry_keeping"),
        GuardTable("registry_archiverequest"),
        CreateFunction("registry_keeping_may_know"),
        CreateFunction("registry_keeping_step"),
        CreateFunction("registry_keepings"),
        CreateFunction("registry_archive_ask"),
        CreateFunction("registry_archive_decide"),
        CreateFunction("registry_archive_answer"),
        CreateFunction("registry_archives"),
        CreateFunction("registry_archives_waiting"),
        CreateFunction("registry_archived_at"),
        ReplaceFunction("registry_read", version=4),
        ReplaceFunction("registry_child_destroyed", version=2),
    ]
