import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from database.operations import CreateFunction, DropFunction, GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """Auditors near to somebody are barred, urgent cases are alerts, several people have results, late questions a reminder."""

    dependencies = [
        ("review", "0010_strangers"),
        ("access", "0026_late_questions"),
        ("audit", "0023_urgent_cases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Compared",
            fields=[
                ("user_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("organisation_id", models.BigIntegerField()),
                ("row_version", models.IntegerField(verbose_name="of their traits; 0 where there are none")),
                ("homes_told", models.IntegerField(verbose_name="by their traits")),
                ("is_auditor", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("auditor_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                (
                    "codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("home", "They live or lived in one home"),
                                ("family", "They have the same rare family name"),
                                ("employer", "They work or worked for one organisation"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PersonResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("in_order", "Explained, and in order"),
                            ("honest_mistake", "A mistake, and the person was told"),
                            ("training", "Training is needed, and is arranged"),
                            ("to_employer", "Misuse, passed on to the employer"),
                            ("to_police", "Misuse, reported to the police and the Information Commissioner"),
                            ("cannot_tell", "It cannot be told"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="alerted_at",
            field=models.DateTimeField(
                null=True, verbose_name="when an alert was raised because it is urgent; once, whatever it falls to"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="reminded_at",
            field=models.DateTimeField(null=True, verbose_name="when the person was reminded that it is late; once"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("answered_at", None)), fields=["due_on"], name="review_question_due"
            ),
        ),
        migrations.AddIndex(
            model_name="conflict",
            index=models.Index(fields=["person_id"], name="review_conflict_person"),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.UniqueConstraint(fields=("auditor_id", "person_id"), name="review_conflict_said_once"),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.CheckConstraint(
                condition=models.Q(("codes__contained_by", ["home", "family", "employer"]), ("codes__len__gt", 0)),
                name="review_conflict_codes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.CheckConstraint(
                condition=models.Q(("auditor_id", models.F("person_id")), _negated=True),
                name="review_conflict_is_between_two",
            ),
        ),
        migrations.AddField(
            model_name="personresult",
            name="case",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="results", to="review.case"
            ),
        ),
        migrations.AddConstraint(
            model_name="personresult",
            constraint=models.UniqueConstraint(fields=("case", "person_id"), name="review_personresult_one_of_each"),
        ),
        migrations.AddConstraint(
            model_name="personresult",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "result__in",
                        ["in_order", "honest_mistake", "training", "to_employer", "to_police", "cannot_tell"],
                    )
                ),
                name="review_personresult_result_is_known",
            ),
        ),
        CreateFunction("review_barrings"),
        ReplaceFunction("review_barred_of", version=2),
        CreateFunction("review_barred_cases"),
        CreateFunction("review_withheld"),
        ReplaceFunction("review_everybodys", version=2),
        ReplaceFunction("review_case_is_told", version=3),
        ReplaceFunction("review_names_of_cases", version=3),
        ReplaceFunction("review_names_of", version=2),
        ReplaceFunction("review_alert_is_told", version=2),
        ReplaceFunction("review_date_casework", version=2),
        CreateFunction("review_person_is_told"),
        GuardTable("review_case", version=4),
        DropFunction("review_case_shown"),
        GuardTable("review_finding", version=3),
        GuardTable("review_question", version=2),
        GuardTable("review_personresult"),
        GuardTable("review_conflict"),
        GuardTable("review_compared"),
    ]
