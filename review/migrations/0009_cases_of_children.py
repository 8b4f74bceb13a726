from django.db import migrations, models
from django.db.models import Q

from database.operations import CreateFunction, GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """A case is about a user or about a child, upon whom many came who have nothing to do with each other."""

    dependencies = [("review", "0008_calls")]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="person_id",
            field=models.BigIntegerField(null=True, verbose_name="the user whom it is about"),
        ),
        migrations.AlterField(
            model_name="case",
            name="organisation_id",
            field=models.BigIntegerField(null=True, verbose_name="where the user works"),
        ),
        migrations.AddField(
            model_name="case",
            name="child_id",
            field=models.BigIntegerField(null=True, verbose_name="the child whom it is about"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=Q(("growing", True)),
                fields=("child_id", "authority_id"),
                name="review_case_one_of_a_child_grows",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(("child_id", None), ("person_id__isnull", False)),
                    Q(
                        ("authority_id__isnull", False),
                        ("child_id__isnull", False),
                        ("organisation_id", None),
                        ("person_id", None),
                    ),
                    _connector="OR",
                ),
                name="review_case_about_a_person_or_a_child",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="person_id",
            field=models.BigIntegerField(verbose_name="whose accesses it is about"),
        ),
        migrations.RemoveConstraint(model_name="question", name="review_question_one_at_a_time"),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                condition=Q(("answered_at", None)),
                fields=("case", "person_id", "asked_of"),
                name="review_question_one_at_a_time",
            ),
        ),
        CreateFunction("review_people_of"),
        CreateFunction("review_case_shown"),
        ReplaceFunction("review_case_is_told", version=2),
        ReplaceFunction("review_names_of_cases", version=2),
        ReplaceFunction("review_note_question", version=2),
        GuardTable("review_case", version=3),
    ]
