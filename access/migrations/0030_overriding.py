from django.db import migrations, models

from database.operations import CreateFunction, GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """Two people let somebody override shields, for 26 weeks; whoever decides about shields is told when one is."""

    dependencies = [
        ("access", "0029_questions_tell_themselves"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="organisation",
            options={
                "default_permissions": (),
                "ordering": ("name",),
                "permissions": (
                    ("administer_organisation", "Vets, approves and suspends its users"),
                    ("apply_organisation", "Invites its users and records their evidence; never approves"),
                    ("audit_authority", "Reads the access log of the authority"),
                    ("override_shield", "Opens protected records in an emergency"),
                    ("stop_service", "Stops the whole service in an emergency, and lets it go on"),
                ),
            },
        ),
        migrations.RemoveConstraint(
            model_name="approval",
            name="access_approval_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="access_notice_what_is_known",
        ),
        migrations.AlterField(
            model_name="approval",
            name="kind",
            field=models.CharField(
                choices=[
                    ("join", "To join"),
                    ("role", "To change role"),
                    ("reinstate", "To come back from a suspension"),
                    ("rejoin", "To join again"),
                    ("sign_in", "To get a new sign-in"),
                    ("override", "To open protected records in an emergency"),
                ],
                max_length=20,
            ),
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
                    ("overridden", "A protected record opened in an emergency"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["join", "role", "reinstate", "rejoin", "sign_in", "override"])),
                name="access_approval_kind_is_known",
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
                            "overridden",
                        ],
                    )
                ),
                name="access_notice_what_is_known",
            ),
        ),
        CreateFunction("access_may_override"),
        CreateFunction("access_unchanged_since"),
        CreateFunction("access_tell_administrators"),
        ReplaceFunction("access_grant_is_given", version=2),
        GuardTable("access_approval", version=5),
    ]
