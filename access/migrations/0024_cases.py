from django.db import migrations, models

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Auditors work cases, suspend because of them, and ask (docs/adr/0036)."""

    dependencies = [
        ("access", "0023_own_homes"),
        ("audit", "0018_cases"),
    ]

    operations = [
        ReplaceFunction("access_is_decision", version=3),
        ReplaceFunction("access_may_do", version=4),
        ReplaceFunction("access_notify", version=2),
        ReplaceFunction("audit_record", version=4),
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
                        ],
                    )
                ),
                name="access_notice_what_is_known",
            ),
        ),
    ]
