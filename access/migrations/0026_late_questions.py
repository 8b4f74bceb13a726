from django.db import migrations, models

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Whoever did not answer an auditor in time is written to, once."""

    dependencies = [
        ("access", "0025_answers"),
    ]

    operations = [
        ReplaceFunction("access_notify", version=3),
        migrations.RemoveConstraint(
            model_name="notice",
            name="access_notice_what_is_known",
        ),
        migrations.AlterField(
            model_name="notice",
            name="what",
            field=models.CharField(
                choices=[
                    ("password", "Password changed"),
                    ("factor_added", "Second step added"),
                    ("factor_removed", "Second step removed"),
                    ("codes", "Recovery codes made anew"),
                    ("reset_asked", "New sign-in asked for"),
                    ("reset_done", "New sign-in set up"),
                    ("question", "Question of an auditor"),
                    ("question_late", "Question of an auditor not answered in time"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "what__in",
                        [
                            "password",
                            "factor_added",
                            "factor_removed",
                            "codes",
                            "reset_asked",
                            "reset_done",
                            "question",
                            "question_late",
                        ],
                    )
                ),
                name="access_notice_what_is_known",
            ),
        ),
    ]
