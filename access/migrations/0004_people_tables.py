import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import encryption.fields

# One kind of training becomes four. Nobody had an enhanced DBS check without showing who they are: the day of the one is
# the day of the other. Signatures of the agreement hold for a year and no longer.
ITEMS = """
    INSERT INTO access_vettingitem (user_id, kind, checked_on, expires_on, row_version, version)
        SELECT user_id, another, checked_on, expires_on, 1, '' FROM access_vettingitem AS training
        CROSS JOIN unnest(ARRAY['training_security', 'training_data_protection', 'training_human_rights']) AS another
        WHERE training.kind = 'training';
    UPDATE access_vettingitem SET kind = 'training_use' WHERE kind = 'training';
    INSERT INTO access_vettingitem (user_id, kind, checked_on, expires_on, row_version, version)
        SELECT user_id, 'identity', checked_on, (checked_on + interval '10 years')::date, 1, ''
        FROM access_vettingitem WHERE kind = 'dbs';
    UPDATE access_vettingitem SET expires_on = least(expires_on, (checked_on + interval '1 year')::date)
        WHERE kind = 'agreement';
    -- What waits for the end of the transaction would stand in the way of the next change to the table.
    SET CONSTRAINTS ALL IMMEDIATE;
"""
# Grants move from guardian's table for all kinds of objects to one of our own, which knows when they end.
GRANTS = """
    INSERT INTO access_grant (user_id, permission_id, organisation_id, expires_on)
        SELECT user_id, permission_id, object_pk::bigint, (now() + interval '1 year')::date
        FROM guardian_userobjectpermission AS given JOIN auth_permission AS what ON what.id = given.permission_id
        WHERE what.codename IN ('administer_organisation', 'audit_authority');
    DELETE FROM guardian_userobjectpermission;
"""
# Whoever was suspended before is asked about like anybody: by nobody, so that any administrator may decide.
SUSPENDED = """
    INSERT INTO access_approval (user_id, kind, role, asked_at, outcome)
        SELECT id, 'reinstate', role, now(), '' FROM access_user WHERE state = 'suspended';
"""


class Migration(migrations.Migration):
    """What is known of people's vetting, invitations, approvals, stops and grants."""

    dependencies = [
        ("access", "0003_where_signed_in"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("guardian", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Accreditation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("granted_on", models.DateField()),
                ("expires_on", models.DateField()),
                (
                    "evidence",
                    models.CharField(
                        choices=[
                            ("dspt", "Data Security and Protection Toolkit: standards met"),
                            ("cyber_essentials", "Cyber Essentials certificate"),
                            ("iso_27001", "ISO/IEC 27001 certificate"),
                            ("inspection", "The sponsor's own inspection"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reference", models.CharField(max_length=60)),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("join", "To join"),
                            ("role", "To change role"),
                            ("reinstate", "To come back from a suspension"),
                            ("rejoin", "To join again"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("practitioner", "Practitioner"),
                            ("mediator", "Mediator"),
                            ("administrator", "Administrator"),
                            ("auditor", "Auditor"),
                        ],
                        max_length=20,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("approved", "Approved"), ("declined", "Declined"), ("withdrawn", "Withdrawn")],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "ordering": ("asked_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("expires_on", models.DateField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("token_fingerprint", models.CharField(max_length=32, unique=True, null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150)),
                ("postcode", models.CharField(max_length=8)),
                ("telephone", models.CharField(max_length=20)),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="Stop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("user", "One person"),
                            ("organisation", "Everybody of one organisation"),
                            ("service", "The whole service"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("left", "Left the organisation"),
                            ("employer", "The employer asks for it"),
                            ("misuse", "Suspected misuse"),
                            ("stolen", "Password, code or device may be in other hands"),
                            ("incident", "Security incident"),
                        ],
                        max_length=20,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-begun_at",),
            },
        ),
        migrations.AlterModelOptions(
            name="organisation",
            options={
                "default_permissions": (),
                "ordering": ("name",),
                "permissions": (
                    ("administer_organisation", "Vets, approves and suspends its users"),
                    ("apply_organisation", "Invites its users and records their evidence; never approves"),
                    ("audit_authority", "Reads the access log of the authority"),
                    ("stop_service", "Stops the whole service in an emergency, and lets it go on"),
                ),
            },
        ),
        migrations.RemoveConstraint(
            model_name="user",
            name="access_user_state_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="vettingitem",
            name="access_vettingitem_kind_is_known",
        ),
        migrations.AddField(
            model_name="user",
            name="name_tokens",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name="user",
            name="state_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="state_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="valid_until",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="vettingitem",
            name="details",
            field=encryption.fields.SealedField(default=None, null=True),
        ),
        migrations.AddField(
            model_name="vettingitem",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="vettingitem",
            name="row_version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="vettingitem",
            name="version",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AlterField(
            model_name="user",
            name="state",
            field=models.CharField(
                choices=[
                    ("invited", "Invited"),
                    ("joining", "Joining"),
                    ("active", "Active"),
                    ("suspended", "Suspended"),
                    ("left", "Left"),
                    ("revoked", "Revoked"),
                ],
                default="active",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="vettingitem",
            name="id",
            field=models.BigAutoField(primary_key=True, serialize=False),
        ),
        migrations.AlterField(
            model_name="vettingitem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("identity", "Identity check"),
                    ("dbs", "Enhanced DBS check"),
                    ("training_use", "Training: using the service"),
                    ("training_security", "Training: keeping it secure"),
                    ("training_data_protection", "Training: data protection"),
                    ("training_human_rights", "Training: human rights"),
                    ("agreement", "Signed agreement"),
                    ("employment", "Employer's confirmation"),
                ],
                max_length=30,
            ),
        ),
        migrations.RunSQL(ITEMS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="vettingitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "identity",
                            "dbs",
                            "training_use",
                            "training_security",
                            "training_data_protection",
                            "training_human_rights",
                            "agreement",
                            "employment",
                        ],
                    )
                ),
                name="access_vettingitem_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="vettingitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("version", ""), ("kind", "agreement"), _connector="OR"),
                name="access_vettingitem_version_of_agreement",
            ),
        ),
        migrations.AddField(
            model_name="accreditation",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="accreditations", to="access.organisation"
            ),
        ),
        migrations.AddField(
            model_name="accreditation",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="accreditation",
            name="sponsor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organisation"
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="asked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="approval",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="approvals", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="content_object",
            field=models.ForeignKey(
                db_column="organisation_id",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grants",
                to="access.organisation",
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="given_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="grant",
            name="permission",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission"),
        ),
        migrations.AddField(
            model_name="grant",
            name="user",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="site",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sites", to="access.organisation"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="site",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="access.site"
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["organisation", "state"], name="access_user_organisation_state"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["organisation", "valid_until"], name="access_user_expiring"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["name_tokens"], name="access_user_name_tokens"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["invited", "joining", "active", "suspended", "left", "revoked"])),
                name="access_user_state_is_known",
            ),
        ),
        migrations.AddField(
            model_name="stop",
            name="begun_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="stop",
            name="lifted_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="stop",
            name="organisation",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="stops",
                to="access.organisation",
            ),
        ),
        migrations.AddField(
            model_name="stop",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="stops",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="accreditation",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_on__gt", models.F("granted_on"))),
                name="access_accreditation_expires_after_it_is_granted",
            ),
        ),
        migrations.AddConstraint(
            model_name="accreditation",
            constraint=models.CheckConstraint(
                condition=models.Q(("evidence__in", ["dspt", "cyber_essentials", "iso_27001", "inspection"])),
                name="access_accreditation_evidence_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="accreditation",
            constraint=models.CheckConstraint(
                condition=models.Q(("reference__regex", "^[A-Z0-9./-]*$")),
                name="access_accreditation_reference_is_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="accreditation",
            constraint=models.CheckConstraint(
                condition=models.Q(("sponsor", models.F("organisation")), _negated=True),
                name="access_accreditation_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "")), fields=("user", "kind"), name="access_approval_one_open_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["join", "role", "reinstate", "rejoin"])),
                name="access_approval_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["practitioner", "mediator", "administrator", "auditor"])),
                name="access_approval_role_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "approved", "declined", "withdrawn"])),
                name="access_approval_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("outcome", "")),
                    models.Q(models.Q(("outcome", ""), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="access_approval_decided_when_it_has_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                    ("outcome", "withdrawn"),
                    _connector="OR",
                ),
                name="access_approval_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("user")), _negated=True),
                name="access_approval_not_decided_by_its_user",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "approved"), _negated=True), ("decided_by__isnull", False), _connector="OR"
                ),
                name="access_approval_approved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                fields=("user", "permission", "content_object"), name="access_grant_one_of_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_by", models.F("user")), _negated=True), name="access_grant_given_by_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("expires_at", None), ("sent_at", None), ("token_fingerprint", None), ("used_at", None)),
                    models.Q(("expires_at__gt", models.F("sent_at")), ("token_fingerprint__isnull", False)),
                    _connector="OR",
                ),
                name="access_invitation_is_sent_with_a_link_that_ends",
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                condition=models.Q(("refused_at", None), ("sent_at", None)),
                fields=["id"],
                name="access_invitation_to_be_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.UniqueConstraint(fields=("organisation", "name"), name="access_site_one_of_a_name"),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True), ("scope", "user")),
                fields=("user",),
                name="access_stop_one_of_a_user",
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True), ("scope", "organisation")),
                fields=("organisation",),
                name="access_stop_one_of_an_organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True), ("scope", "service")),
                fields=("scope",),
                name="access_stop_one_of_the_service",
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation__isnull", True), ("scope", "user"), ("user__isnull", False)),
                    models.Q(("organisation__isnull", False), ("scope", "organisation"), ("user__isnull", True)),
                    models.Q(("organisation__isnull", True), ("scope", "service"), ("user__isnull", True)),
                    _connector="OR",
                ),
                name="access_stop_names_what_it_stops",
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__in", ["left", "employer", "misuse", "stolen", "incident"])),
                name="access_stop_reason_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scope", "user"), models.Q(("lifted_by", models.F("begun_by")), _negated=True), _connector="OR"
                ),
                name="access_stop_lifted_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="stop",
            constraint=models.CheckConstraint(
                condition=models.Q(("lifted_by__isnull", True), ("lifted_at__isnull", False), _connector="OR"),
                name="access_stop_lifted_by_somebody_at_a_time",
            ),
        ),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(SUSPENDED, migrations.RunSQL.noop),
    ]
