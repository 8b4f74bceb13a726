import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import encryption.fields
from database.operations import CreateFunction, GuardTable


class Migration(migrations.Migration):
    """A record is closed and another begun, and nobody links the two but two people together (docs/adr/0042)."""

    dependencies = [
        ("access", "0028_protected"),
        ("registry", "0013_connections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Escrow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("number_fingerprint", models.BinaryField(max_length=16)),
                ("link", encryption.fields.SealedBytes()),
                ("answer", encryption.fields.SealedField(default=None, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="EscrowRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("link_by_order", "A court ordered it"),
                            (
                                "link_for_harm",
                                "A child may suffer significant harm, and what was known before is needed (section 47)",
                            ),
                            ("link_for_review", "A review of a serious case, or of the death of a child"),
                            ("link_for_person", "The person asks for it themselves, and is entitled to"),
                            ("link_for_mistake", "The new identity was made by mistake"),
                        ],
                        max_length=20,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("asked_event", models.BigIntegerField()),
                (
                    "outcome",
                    models.CharField(blank=True, choices=[("opened", "Given"), ("refused", "Refused")], max_length=10),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_event", models.BigIntegerField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("steps", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="IdentityRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("adopted", "An adoption order was made"),
                            ("protected_person", "The police protect the child, or the family, under a new identity"),
                            ("new_name_by_order", "A court ordered that the old name must not lead to the child"),
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
                            ("no_order_seen", "I have not seen the order of the court or the letter of the police"),
                            ("not_this_child", "It was asked for the wrong child"),
                            ("shield_is_enough", "It is enough that the details are protected"),
                            ("to_be_asked_anew", "Something was typed wrongly: it is asked for anew"),
                        ],
                        max_length=20,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("severed_at", models.DateTimeField(null=True)),
                ("wanted", encryption.fields.SealedBytes(null=True)),
                ("steps", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SpareId",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("spare", models.BigIntegerField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="NewIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("severed_on", models.DateField()),
                ("wanted", encryption.fields.SealedBytes()),
            ],
        ),
        migrations.AddField(
            model_name="child",
            name="severed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="child",
            index=models.Index(condition=models.Q(("severed", True)), fields=["id"], name="registry_child_severed"),
        ),
        migrations.AddField(
            model_name="escrow",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organisation"
            ),
        ),
        migrations.AddField(
            model_name="escrow",
            name="child",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.child"
            ),
        ),
        migrations.AddField(
            model_name="escrowrequest",
            name="asked_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="escrowrequest",
            name="decided_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="escrowrequest",
            name="escrow",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="registry.escrow"),
        ),
        migrations.AddField(
            model_name="identityrequest",
            name="asked_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="identityrequest",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organisation"
            ),
        ),
        migrations.AddField(
            model_name="identityrequest",
            name="child",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="registry.child"),
        ),
        migrations.AddField(
            model_name="identityrequest",
            name="decided_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="escrow",
            constraint=models.UniqueConstraint(fields=("number_fingerprint",), name="registry_escrow_number_is_unique"),
        ),
        migrations.AddConstraint(
            model_name="escrowrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "")), fields=("escrow",), name="registry_escrowrequest_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="escrowrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["", "opened", "refused"]),
                    (
                        "reason__in",
                        ["link_by_order", "link_for_harm", "link_for_review", "link_for_person", "link_for_mistake"],
                    ),
                ),
                name="registry_escrowrequest_codes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="escrowrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("decided_event", None), ("outcome", "")),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False), ("outcome", "refused")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("decided_event__isnull", False),
                        ("outcome", "opened"),
                        models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="registry_escrowrequest_opened_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="escrowrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("answered_at", None), ("outcome", "opened"), _connector="OR"),
                name="registry_escrowrequest_answered_once_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "refused"), _negated=True),
                fields=("child",),
                name="registry_identityrequest_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reason__in", ["adopted", "protected_person", "new_name_by_order"]),
                    ("refusal__in", ["", "no_order_seen", "not_this_child", "shield_is_enough", "to_be_asked_anew"]),
                ),
                name="registry_identityrequest_codes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityrequest",
            constraint=models.CheckConstraint(
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
                name="registry_identityrequest_approved_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("severed_at", None), ("outcome", "approved"), _connector="OR"),
                name="registry_identityrequest_severed_once_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("wanted", None),
                        models.Q(("outcome", "refused"), ("severed_at__isnull", False), _connector="OR"),
                    ),
                    models.Q(
                        ("severed_at", None), ("wanted__isnull", False), models.Q(("outcome", "refused"), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="registry_identityrequest_wanted_until_done",
            ),
        ),
        CreateFunction("registry_identity_child"),
        CreateFunction("registry_identity_led_to"),
        CreateFunction("registry_identity_may_know"),
        CreateFunction("registry_identity_who"),
        CreateFunction("registry_identity_ask"),
        CreateFunction("registry_identity_decide"),
        CreateFunction("registry_identities"),
        CreateFunction("registry_identities_waiting"),
        CreateFunction("registry_identity_keeps_shield"),
        CreateFunction("registry_child_closed"),
        CreateFunction("registry_escrow_ask"),
        CreateFunction("registry_escrow_decide"),
        CreateFunction("registry_escrows"),
        CreateFunction("registry_escrow_answer"),
        GuardTable("registry_child", version=3),
        GuardTable("registry_childnumber", version=3),
        GuardTable("registry_shield", version=4),
        GuardTable("registry_identityrequest"),
        GuardTable("registry_newidentity"),
        GuardTable("registry_spareid"),
        GuardTable("registry_escrow"),
        GuardTable("registry_escrowrequest"),
    ]
