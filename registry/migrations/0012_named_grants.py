import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from database.operations import CreateFunction, GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """Leave by name to see a shielded child, and shields that are overridden (docs/adr/0040)."""

    dependencies = [
        ("access", "0030_overriding"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("registry", "0011_shields"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="child",
            options={"permissions": (("open_shielded_child", "Opens the whole record although it is protected"),)},
        ),
        migrations.CreateModel(
            name="LeaveRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateField()),
                ("asked_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(blank=True, choices=[("given", "Given"), ("refused", "Refused")], max_length=20),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                ("steps", models.PositiveIntegerField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("child", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="registry.child")),
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
                    "shield",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.shield",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChildGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("expires_on", models.DateField()),
                ("given_at", models.DateTimeField()),
                (
                    "authority",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "content_object",
                    models.ForeignKey(
                        db_column="child_id",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.child",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                (
                    "shield",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.shield",
                    ),
                ),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.leaverequest"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("danger_to_life", "Somebody may be killed or badly hurt before I could ring anybody"),
                            ("being_taken", "The child is being taken away, or abroad, by somebody who may harm them"),
                            ("child_missing", "The child is missing and in danger, and must be found now"),
                            (
                                "place_of_safety",
                                "I am bringing the child to a place of safety (Children Act 1989, sections 44 and 46)",
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("event_id", models.BigIntegerField(unique=True)),
                ("session_id", models.BigIntegerField()),
                ("confirmed_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "authority",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                ("child", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="registry.child")),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="leaverequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "")),
                fields=("child", "user"),
                name="registry_leaverequest_one_open_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaverequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "given", "refused"])),
                name="registry_leaverequest_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaverequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_by", models.F("user")), _negated=True),
                name="registry_leaverequest_asked_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaverequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("outcome", "")),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="registry_leaverequest_decided_with_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaverequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "given"), _negated=True),
                    models.Q(
                        models.Q(("decided_by", models.F("asked_by")), _negated=True),
                        models.Q(("decided_by", models.F("user")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="registry_leaverequest_given_by_a_second",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaverequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_at", None), ("taken_by", None)),
                    models.Q(("outcome", "given"), ("taken_at__isnull", False), ("taken_by__isnull", False)),
                    _connector="OR",
                ),
                name="registry_leaverequest_taken_when_given",
            ),
        ),
        migrations.AddConstraint(
            model_name="childgrant",
            constraint=models.UniqueConstraint(
                fields=("user", "permission", "content_object"), name="registry_childgrant_one_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(
                fields=("session_id", "confirmed_at"), name="registry_override_each_with_a_factor_of_its_own"
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reason__in", ["danger_to_life", "being_taken", "child_missing", "place_of_safety"])
                ),
                name="registry_override_reason_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed_at__lte", models.F("at"))), name="registry_override_confirmed_before"
            ),
        ),
        CreateFunction("registry_leave_of"),
        CreateFunction("registry_own_leave"),
        CreateFunction("registry_leave_shield"),
        CreateFunction("registry_leave_person"),
        CreateFunction("registry_leave_ask"),
        CreateFunction("registry_leave_step"),
        CreateFunction("registry_leaves"),
        CreateFunction("registry_factor_is_anew"),
        CreateFunction("registry_may_override_now"),
        CreateFunction("registry_override"),
        CreateFunction("registry_overrides"),
        ReplaceFunction("registry_read", version=3),
        ReplaceFunction("registry_shields_waiting", version=2),
        GuardTable("registry_leaverequest"),
        GuardTable("registry_childgrant"),
        GuardTable("registry_override"),
    ]
