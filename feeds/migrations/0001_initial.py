import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import encryption.fields
from database.operations import CreateFunction, GuardTable

# What is said of a child is destroyed with the record, by the database itself, whoever destroys it.
GOES_WITH_THE_CHILD = """
    ALTER TABLE feeds_batchrow ADD CONSTRAINT feeds_batchrow_child FOREIGN KEY (child_id)
        REFERENCES registry_child ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE feeds_match ADD CONSTRAINT feeds_match_child FOREIGN KEY (child_id)
        REFERENCES registry_child ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE feeds_sourcerecord ADD CONSTRAINT feeds_sourcerecord_child FOREIGN KEY (child_id)
        REFERENCES registry_child ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE feeds_verdict ADD CONSTRAINT feeds_verdict_match FOREIGN KEY (match_id)
        REFERENCES feeds_match ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """What suppliers send, what became of each row, what each source says, and what people decide."""

    initial = True

    dependencies = [
        ("access", "0033_unplaced"),
        ("registry", "0023_merging"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checksum", models.BinaryField(max_length=16)),
                ("size", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Waiting to be checked"),
                            ("checked", "Checked: waiting for a decision"),
                            ("committed", "Being taken in"),
                            ("done", "Taken in"),
                            ("refused", "Refused"),
                            ("undoing", "Being taken back"),
                            ("undone", "Taken back"),
                        ],
                        default="received",
                        max_length=10,
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("reached", models.BigIntegerField(default=0)),
                ("rows", models.BigIntegerField(default=0)),
                ("linked", models.BigIntegerField(default=0)),
                ("created", models.BigIntegerField(default=0)),
                ("queued", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
                ("unchanged", models.BigIntegerField(default=0)),
                ("expected", models.BigIntegerField(null=True)),
                ("faults", models.JSONField(null=True)),
                ("unusual", models.BooleanField(default=False)),
                ("fault", models.CharField(blank=True, max_length=12)),
                ("fault_line", models.BigIntegerField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
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
                    "received_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("place", models.BigIntegerField()),
                ("code", models.CharField(max_length=20)),
                ("agreement", encryption.fields.SealedField()),
                ("said", encryption.fields.SealedField(default=None, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("same", "The same child"),
                            ("different", "Another child"),
                            ("unsure", "I cannot tell"),
                        ],
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("steps", models.PositiveIntegerField(default=0)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organisation"
                    ),
                ),
                ("batch", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="feeds.batch")),
                (
                    "child",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to="registry.child"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Supplier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("practitioner", "Entered in this service"),
                            ("school_census", "School census"),
                            ("pds", "NHS Personal Demographics Service"),
                            ("child_benefit", "Child benefit"),
                            ("birth_registration", "Registration of births"),
                            ("local_authority", "Local authority"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("table", "A table (CSV) whose columns the supplier has told us"),
                            ("common_transfer_file", "Common Transfer File from a school (XML)"),
                            ("demographics", "NHS Personal Demographics Service (FHIR)"),
                            ("births", "Registrations of births (CSV)"),
                            ("deaths", "Registrations of deaths (CSV)"),
                        ],
                        max_length=20,
                    ),
                ),
                ("columns", models.JSONField(null=True)),
                ("must_supply", models.BooleanField(default=False)),
                ("asks", models.BooleanField(default=True)),
                ("usual_linked", models.PositiveSmallIntegerField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SourceRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("key", models.BinaryField(max_length=16)),
                ("digest", models.BinaryField(max_length=16)),
                ("said", encryption.fields.SealedField()),
                ("place", models.BigIntegerField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="said", to="feeds.batch"
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to="registry.child"
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded",
                        to="feeds.batch",
                    ),
                ),
                ("supplier", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="feeds.supplier")),
            ],
        ),
        migrations.AddField(
            model_name="batch",
            name="supplier",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="feeds.supplier"),
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("same", "The same child"),
                            ("different", "Another child"),
                            ("unsure", "I cannot tell"),
                        ],
                        max_length=10,
                    ),
                ),
                ("said_at", models.DateTimeField()),
                (
                    "match",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to="feeds.match"
                    ),
                ),
                (
                    "person",
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
            name="BatchRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("place", models.BigIntegerField()),
                ("line", models.BigIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("linked", "About a child on record"),
                            ("created", "About a child who was not on record"),
                            ("queued", "For a person to decide"),
                            ("refused", "Refused"),
                        ],
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=20)),
                ("field", models.CharField(blank=True, max_length=40)),
                ("content", encryption.fields.SealedField(default=None, null=True)),
                (
                    "taken_back",
                    models.CharField(
                        blank=True,
                        choices=[("undone", "As it was before"), ("kept", "Kept, since others added to it")],
                        max_length=10,
                    ),
                ),
                ("batch", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="feeds.batch")),
                (
                    "child",
                    models.ForeignKey(
                        db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, to="registry.child"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "place"), name="feeds_batchrow_each_place_once"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["linked", "created", "queued", "refused"])),
                        name="feeds_batchrow_outcome_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("taken_back__in", ["", "undone", "kept"])),
                        name="feeds_batchrow_taken_back_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__regex", "^[a-z_]*$"),
                            (
                                "field__in",
                                [
                                    "",
                                    "Address/AddressLine1",
                                    "Address/AddressLine2",
                                    "Address/AddressLine3",
                                    "Address/AddressLine4",
                                    "Address/AddressLine5",
                                    "Address/Locality",
                                    "Address/PAON",
                                    "Address/PostCode",
                                    "Address/PostTown",
                                    "Address/SAON",
                                    "Address/Street",
                                    "Address/Town",
                                    "AddressAsPupil",
                                    "AddressLine1",
                                    "AddressLine2",
                                    "AddressLine3",
                                    "AddressLine4",
                                    "AddressLine5",
                                    "BasicDetails/FormerForename",
                                    "BasicDetails/FormerSurname",
                                    "BasicDetails/FormerUPN",
                                    "BasicDetails/MiddleNames",
                                    "BasicDetails/PreferredForename",
                                    "BasicDetails/PreferredSurname",
                                    "Contacts/Contact",
                                    "Contacts/Contact/Address/AddressAsPupil",
                                    "Contacts/Contact/Forename",
                                    "Contacts/Contact/Phones/Phone/PhoneNo",
                                    "Contacts/Contact/Relationship",
                                    "Contacts/Contact/Responsibility",
                                    "Contacts/Contact/Surname",
                                    "DOB",
                                    "EntryDate",
                                    "Estab",
                                    "Forename",
                                    "FormerForename",
                                    "FormerSurname",
                                    "FormerUPN",
                                    "Gender",
                                    "LEA",
                                    "LeavingDate",
                                    "Locality",
                                    "MiddleNames",
                                    "PAON",
                                    "Patient",
                                    "PhoneNo",
                                    "PostCode",
                                    "PostTown",
                                    "PreferredForename",
                                    "PreferredSurname",
                                    "Relationship",
                                    "Responsibility",
                                    "SAON",
                                    "School",
                                    "SchoolHistory/School",
                                    "SchoolHistory/School/EntryDate",
                                    "SchoolHistory/School/Estab",
                                    "SchoolHistory/School/LEA",
                                    "SchoolHistory/School/LeavingDate",
                                    "SchoolHistory/School/URN",
                                    "Sex",
                                    "Street",
                                    "Surname",
                                    "Town",
                                    "UPN",
                                    "URN",
                                    "address",
                                    "address_1",
                                    "address_2",
                                    "address_3",
                                    "birthDate",
                                    "confirmed_on",
                                    "contact_family",
                                    "contact_given",
                                    "date_of_birth",
                                    "date_of_death",
                                    "deceasedDateTime",
                                    "family",
                                    "former_family",
                                    "former_given",
                                    "former_pupil_number",
                                    "gender",
                                    "generalPractitioner",
                                    "given",
                                    "guardian_1_family",
                                    "guardian_1_given",
                                    "guardian_1_lives_with_child",
                                    "guardian_1_relation",
                                    "guardian_1_responsibility",
                                    "guardian_1_telephone",
                                    "guardian_2_family",
                                    "guardian_2_given",
                                    "guardian_2_lives_with_child",
                                    "guardian_2_relation",
                                    "guardian_2_responsibility",
                                    "guardian_2_telephone",
                                    "guardian_3_family",
                                    "guardian_3_given",
                                    "guardian_3_lives_with_child",
                                    "guardian_3_relation",
                                    "guardian_3_responsibility",
                                    "guardian_3_telephone",
                                    "identifier",
                                    "key",
                                    "known_as_family",
                                    "known_as_given",
                                    "link",
                                    "meta.security",
                                    "name",
                                    "name.family",
                                    "name.given",
                                    "nhs_number",
                                    "postcode",
                                    "practice_code",
                                    "practice_ended_on",
                                    "practice_started_on",
                                    "preferred_family",
                                    "preferred_given",
                                    "pupil_number",
                                    "restricted",
                                    "school_code",
                                    "school_ended_on",
                                    "school_started_on",
                                    "superseded_by",
                                    "town",
                                ],
                            ),
                        ),
                        name="feeds_batchrow_codes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Chunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.IntegerField()),
                ("content", encryption.fields.SealedBytes()),
                ("batch", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="feeds.batch")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("batch", "place"), name="feeds_chunk_each_place_once")],
            },
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(
                condition=models.Q(("outcome", "")), fields=["authority", "id"], name="feeds_match_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(fields=("batch", "place", "child"), name="feeds_match_each_child_once"),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "same", "different"])), name="feeds_match_outcome_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("outcome", "")),
                    models.Q(models.Q(("outcome", ""), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="feeds_match_decided_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.CheckConstraint(
                condition=models.Q(("applied_at", None), models.Q(("outcome", ""), _negated=True), _connector="OR"),
                name="feeds_match_applied_once_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.UniqueConstraint(
                fields=("organisation", "source", "format"), name="feeds_supplier_one_of_a_format"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("format__in", ["table", "common_transfer_file", "demographics", "births", "deaths"]),
                    ("source__in", ["school_census", "pds", "child_benefit", "birth_registration", "local_authority"]),
                ),
                name="feeds_supplier_codes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(
                condition=models.Q(("usual_linked__lte", 1000)), name="feeds_supplier_usual_is_a_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcerecord",
            constraint=models.UniqueConstraint(fields=("batch", "place"), name="feeds_sourcerecord_one_of_each_row"),
        ),
        migrations.AddConstraint(
            model_name="sourcerecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_by__isnull", True)),
                fields=("supplier", "key"),
                name="feeds_sourcerecord_one_says_it_now",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["refused", "undone"]), _negated=True),
                fields=("supplier", "checksum"),
                name="feeds_batch_each_sent_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["received", "checked", "committed", "done", "refused", "undoing", "undone"])
                ),
                name="feeds_batch_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "rows",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("linked"), "+", models.F("created")
                                ),
                                "+",
                                models.F("queued"),
                            ),
                            "+",
                            models.F("refused"),
                        ),
                    ),
                    ("unchanged__lte", models.F("linked")),
                ),
                name="feeds_batch_counts_add_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "fault__in",
                        [
                            "",
                            "stopped",
                            "not_a_record",
                            "missing",
                            "number",
                            "date",
                            "code",
                            "name",
                            "formula",
                            "too_long",
                            "too_old",
                            "twice",
                            "header",
                            "encoding",
                            "broken",
                            "too_large",
                        ],
                    )
                ),
                name="feeds_batch_fault_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.UniqueConstraint(fields=("match", "person"), name="feeds_verdict_one_of_each_person"),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["same", "different", "unsure"])), name="feeds_verdict_kind_is_known"
            ),
        ),
        migrations.RunSQL(GOES_WITH_THE_CHILD, reverse_sql=migrations.RunSQL.noop),
        GuardTable("feeds_supplier"),
        GuardTable("feeds_batch"),
        GuardTable("feeds_chunk"),
        GuardTable("feeds_batchrow"),
        GuardTable("feeds_sourcerecord"),
        GuardTable("feeds_match"),
        GuardTable("feeds_verdict"),
        CreateFunction("feeds_keeps"),
        CreateFunction("feeds_batch_begin"),
        CreateFunction("feeds_batch_of_this_transaction"),
        CreateFunction("feeds_batch_part"),
        CreateFunction("feeds_batch_end"),
        CreateFunction("feeds_suppliers"),
        CreateFunction("feeds_batches"),
        CreateFunction("feeds_batch_decide"),
        CreateFunction("feeds_refused"),
        CreateFunction("feeds_match_now"),
        CreateFunction("feeds_matches"),
        CreateFunction("feeds_match_child"),
        CreateFunction("feeds_match_decide"),
        CreateFunction("feeds_waiting"),
    ]
