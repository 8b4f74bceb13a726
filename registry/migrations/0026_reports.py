import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import encryption.fields
from database.operations import CreateFunction, GuardTable

# What is reported of a child is destroyed with the record, by the database itself, whoever destroys it.
GOES_WITH_THE_CHILD = """
    ALTER TABLE registry_report ADD CONSTRAINT registry_report_child FOREIGN KEY (child_id)
        REFERENCES registry_child ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE registry_reporter ADD CONSTRAINT registry_reporter_report FOREIGN KEY (report_id)
        REFERENCES registry_report ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """What people report as wrong on a record, and what came of it (docs/adr/0052)."""

    dependencies = [
        ("access", "0035_directories"),
        ("registry", "0025_said_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("wrong_name", "Name"),
                            ("wrong_birth", "Date of birth"),
                            ("wrong_gender", "Gender"),
                            ("wrong_address", "Address"),
                            ("wrong_guardians", "Parents and carers"),
                            ("wrong_nhs_number", "NHS number"),
                            ("wrong_pupil_number", "Unique pupil number"),
                            ("wrong_school", "School, college, nursery or other education"),
                            ("wrong_practice", "GP practice"),
                            ("wrong_service", "Another service, or its telephone number"),
                            ("wrong_death", "The child has died, or the date of death is wrong"),
                            ("two_in_one", "The record is of two children, mixed"),
                            ("another_record", "The child has another record as well"),
                        ],
                        max_length=20,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("sources", encryption.fields.SealedField(default=None, null=True)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("put_right", "It was put right"),
                            ("right_as_it_is", "It is right as it is"),
                            ("not_found_out", "It could not be found out"),
                            ("put_under_one", "The two records were put under one"),
                            ("changed_since", "The record says something else by now"),
                        ],
                        max_length=20,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("steps", models.PositiveIntegerField()),
                (
                    "child",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to="registry.child"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "told_by",
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
            name="Reporter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reported_at", models.DateTimeField()),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to="registry.report"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("child", "part"),
                name="registry_report_one_open_of_a_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "outcome__in",
                        ["", "put_right", "right_as_it_is", "not_found_out", "put_under_one", "changed_since"],
                    ),
                    (
                        "part__in",
                        [
                            "wrong_name",
                            "wrong_birth",
                            "wrong_gender",
                            "wrong_address",
                            "wrong_guardians",
                            "wrong_nhs_number",
                            "wrong_pupil_number",
                            "wrong_school",
                            "wrong_practice",
                            "wrong_service",
                            "wrong_death",
                            "two_in_one",
                            "another_record",
                        ],
                    ),
                ),
                name="registry_report_codes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("told_at", None), ("told_by", None)),
                    models.Q(("told_at__isnull", False), ("told_by__isnull", False)),
                    _connector="OR",
                ),
                name="registry_report_source_told_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_by", None), ("outcome", "")),
                    models.Q(("closed_at__isnull", False), ("closed_by", None), ("outcome", "changed_since")),
                    models.Q(
                        models.Q(("outcome__in", ["", "changed_since"]), _negated=True),
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="registry_report_closed_by_somebody_or_by_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "put_under_one"), _negated=True), ("part", "another_record"), _connector="OR"
                ),
                name="registry_report_put_under_one_where_there_are_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("told_at", None),
                    models.Q(("part__in", ["two_in_one", "another_record"]), _negated=True),
                    _connector="OR",
                ),
                name="registry_report_no_source_of_the_record",
            ),
        ),
        migrations.AddConstraint(
            model_name="reporter",
            constraint=models.UniqueConstraint(fields=("report", "person"), name="registry_reporter_each_person_once"),
        ),
        migrations.RunSQL(GOES_WITH_THE_CHILD, reverse_sql=migrations.RunSQL.noop),
        CreateFunction("registry_report_is_hidden"),
        CreateFunction("registry_reports_of"),
        CreateFunction("registry_report_make"),
        CreateFunction("registry_reports"),
        CreateFunction("registry_report_child"),
        CreateFunction("registry_report_people"),
        CreateFunction("registry_report_answer"),
        CreateFunction("registry_reports_own"),
        CreateFunction("registry_reports_waiting"),
        GuardTable("registry_report"),
        GuardTable("registry_reporter"),
    ]
