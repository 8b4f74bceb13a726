import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from database.operations import CreateFunction, GuardTable, ReplaceFunction

PERSON = {
    "db_index": False,
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": settings.AUTH_USER_MODEL,
}
RECORD = {"on_delete": django.db.models.deletion.CASCADE, "related_name": "+", "to": "registry.child"}


class Migration(migrations.Migration):
    """Two records of one child are put under one, and parted again (docs/adr/0048)."""

    dependencies = [
        ("access", "0032_feeds"),
        ("registry", "0022_handover"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="child",
            name="merged_into",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.child",
            ),
        ),
        migrations.AddIndex(
            model_name="child",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="registry_child_under",
            ),
        ),
        migrations.AddConstraint(
            model_name="child",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None),
                    models.Q(("merged_into", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="registry_child_not_under_itself",
            ),
        ),
        migrations.CreateModel(
            name="MergeRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("parts", models.BooleanField()),
                ("number_fingerprint", models.BinaryField(max_length=16)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            (
                                "same_number",
                                "Another service has one number for both, and confirmed that it is one child",
                            ),
                            (
                                "family_says",
                                "The child, or whoever has parental responsibility, confirmed that it is one child",
                            ),
                            (
                                "worker_knows",
                                "Somebody who works with the child knows both records, and confirmed it",
                            ),
                            (
                                "documents_show",
                                "Documents show it, such as a certificate of birth and one of a change of name",
                            ),
                            (
                                "two_children",
                                "They are two children, as whoever works with one of them confirmed",
                            ),
                            ("are_twins", "They are twins, or brother and sister"),
                            ("put_together_wrongly", "They were put together by mistake"),
                            (
                                "needed_apart",
                                "They must stand apart for something else, and are put together again afterwards",
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("approved", "Approved"), ("refused", "Refused")], max_length=10
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_shown", "It is not shown that this is so"),
                            ("other_way_round", "The other record should be the one that stays"),
                            ("wrong_record_typed", "It was asked for the wrong record"),
                            ("not_asked_any_more", "It is not wanted any more"),
                        ],
                        max_length=20,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("shield_before", models.BigIntegerField(null=True)),
                ("steps", models.PositiveIntegerField()),
                ("asked_by", models.ForeignKey(**PERSON)),
                (
                    "authority",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                ("child", models.ForeignKey(**RECORD)),
                ("decided_by", models.ForeignKey(null=True, **PERSON)),
                ("into", models.ForeignKey(**RECORD)),
            ],
            options={
                "indexes": [models.Index(fields=["number_fingerprint"], name="registry_mergerequest_number")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None), models.Q(("outcome", "refused"), _negated=True)),
                        fields=("child",),
                        name="registry_mergerequest_one_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("done_at__isnull", False), ("parts", False), ("until", None)),
                        fields=("child",),
                        name="registry_mergerequest_under_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("child", models.F("into")), _negated=True),
                        name="registry_mergerequest_of_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(
                                    ("parts", False),
                                    (
                                        "reason__in",
                                        ["same_number", "family_says", "worker_knows", "documents_show"],
                                    ),
                                ),
                                models.Q(
                                    ("parts", True),
                                    (
                                        "reason__in",
                                        ["two_children", "are_twins", "put_together_wrongly", "needed_apart"],
                                    ),
                                ),
                                _connector="OR",
                            ),
                            (
                                "refusal__in",
                                [
                                    "",
                                    "not_shown",
                                    "other_way_round",
                                    "wrong_record_typed",
                                    "not_asked_any_more",
                                ],
                            ),
                        ),
                        name="registry_mergerequest_codes_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("outcome", ""), ("refusal", "")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("outcome", "refused"),
                                models.Q(("refusal", ""), _negated=True),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("outcome", "approved"),
                                ("refusal", ""),
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="registry_mergerequest_approved_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_at", None), ("outcome", "approved"), _connector="OR"),
                        name="registry_mergerequest_done_once_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None),
                            models.Q(("done_at__isnull", False), ("parts", False), ("until__gte", models.F("done_at"))),
                            _connector="OR",
                        ),
                        name="registry_mergerequest_ends_after_it_was_done",
                    ),
                ],
            },
        ),
        CreateFunction("registry_together"),
        CreateFunction("registry_stays_of"),
        CreateFunction("registry_told_with"),
        CreateFunction("registry_shielded_together"),
        CreateFunction("registry_under_is_shown"),
        CreateFunction("registry_merge_beside"),
        CreateFunction("registry_merge_led_to"),
        CreateFunction("registry_merge_compared"),
        CreateFunction("registry_merge_child"),
        CreateFunction("registry_merge_who"),
        CreateFunction("registry_merge_ask"),
        CreateFunction("registry_merge_decide"),
        CreateFunction("registry_merges"),
        CreateFunction("registry_merges_waiting"),
        CreateFunction("registry_merge_keeps_shield"),
        CreateFunction("registry_merge_keeps_identity"),
        CreateFunction("registry_child_put_under"),
        CreateFunction("registry_children_to_keep"),
        CreateFunction("registry_involvement_stays"),
        ReplaceFunction("registry_read", version=5),
        ReplaceFunction("registry_child_closed", version=3),
        ReplaceFunction("registry_child_destroyed", version=4),
        ReplaceFunction("registry_child_to_keep", version=5),
        ReplaceFunction("registry_connection_read", version=2),
        ReplaceFunction("registry_involvement_withdraw", version=2),
        GuardTable("registry_child", version=5),
        GuardTable("registry_identityrequest", version=2),
        GuardTable("registry_involvement", version=4),
        GuardTable("registry_shield", version=5),
        GuardTable("registry_mergerequest"),
    ]
