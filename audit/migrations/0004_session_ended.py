from django.db import migrations, models

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Somebody may sign out elsewhere."""

    dependencies = [("audit", "0003_lean_events")]

    operations = [
        ReplaceFunction("audit_rule_broken_by", version=2),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("alert.raised", "Alert"),
                    ("child.added", "Record made"),
                    ("child.listed", "Search results shown"),
                    ("child.opened", "Record opened"),
                    ("child.searched", "Search"),
                    ("child.shown", "Identity shown"),
                    ("involvement.corrected", "Involvement corrected"),
                    ("involvement.ended", "Involvement ended"),
                    ("involvement.read", "Involvements read to change one"),
                    ("involvement.recorded", "Involvement recorded"),
                    ("log.closed", "Process ended"),
                    ("log.heartbeat", "Process alive"),
                    ("log.maintained", "Maintenance of the log"),
                    ("log.read", "Access log read"),
                    ("access.refused", "Refused"),
                    ("second_factor.added", "Second factor added"),
                    ("second_factor.failed", "Second factor failed"),
                    ("second_factor.removed", "Second factor removed"),
                    ("session.ended", "Signed out elsewhere"),
                    ("sign_in.failed", "Sign-in failed"),
                    ("sign_in.locked", "Sign-in locked"),
                    ("sign_in.succeeded", "Signed in"),
                    ("sign_out.done", "Signed out"),
                    ("user.added", "User added"),
                    ("user.password_changed", "Password changed"),
                    ("people.listed", "List of people read"),
                ],
                max_length=40,
            ),
        ),
    ]
