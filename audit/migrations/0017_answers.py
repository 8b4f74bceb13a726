from django.db import migrations, models

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Families are answered who looked at a record.

    There is a way back only while none was: an event is not taken away.
    """

    dependencies = [
        ("audit", "0016_words_in_the_bucket"),
    ]

    operations = [
        ReplaceFunction("audit_rule_broken_by", version=9),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("alert.closed", "Alert closed"),
                    ("alert.raised", "Alert"),
                    ("alert.taken", "Alert taken to look at"),
                    ("answer.begun", "Answer to a family begun"),
                    ("answer.closed", "Answer to a family closed without a letter"),
                    ("answer.confirmed", "Answer to a family confirmed, line by line"),
                    ("answer.made", "Letter to a family made"),
                    ("answer.released", "Answer to a family released"),
                    ("answer.returned", "Answer to a family given back"),
                    ("child.added", "Record made"),
                    ("child.listed", "Search results shown"),
                    ("child.opened", "Record opened"),
                    ("child.recalled", "Records opened lately shown"),
                    ("child.searched", "Search"),
                    ("child.shown", "Identity shown"),
                    ("feed.received", "List of people received"),
                    ("grant.given", "Grant given"),
                    ("grant.taken", "Grant taken away"),
                    ("history.read", "Own access history read"),
                    ("involvement.corrected", "Involvement corrected"),
                    ("involvement.ended", "Involvement ended"),
                    ("involvement.read", "Involvements read to change one"),
                    ("involvement.recorded", "Involvement recorded"),
                    ("involvement.withdrawn", "Involvement withdrawn as a mistake"),
                    ("log.closed", "Process ended"),
                    ("log.heartbeat", "Process alive"),
                    ("log.maintained", "Maintenance of the log"),
                    ("log.read", "Access log read"),
                    ("mediation.begun", "Call of a colleague begun"),
                    ("mediation.ended", "Call of a colleague ended"),
                    ("organisation.accredited", "Organisation accredited"),
                    ("organisation.changed", "Organisation changed"),
                    ("organisation.read", "Organisation read"),
                    ("access.refused", "Refused"),
                    ("second_factor.added", "Second factor added"),
                    ("second_factor.failed", "Second factor failed"),
                    ("second_factor.removed", "Second factor removed"),
                    ("session.ended", "Signed out elsewhere"),
                    ("sign_in.failed", "Sign-in failed"),
                    ("sign_in.locked", "Sign-in locked"),
                    ("sign_in.succeeded", "Signed in"),
                    ("sign_out.done", "Signed out"),
                    ("stop.begun", "Emergency stop begun"),
                    ("stop.lifted", "Emergency stop lifted"),
                    ("token.made", "API token made"),
                    ("token.revoked", "API token revoked"),
                    ("user.added", "User added"),
                    ("user.agreed", "Agreement signed"),
                    ("user.approved", "Joining approved"),
                    ("user.asked", "Approval asked for"),
                    ("user.declined", "Approval declined"),
                    ("user.invited", "User invited"),
                    ("user.joined", "Invitation accepted"),
                    ("user.left", "User left"),
                    ("user.password_changed", "Password changed"),
                    ("user.read", "Person's vetting read"),
                    ("user.reinstated", "User reinstated"),
                    ("user.rejoined", "User to join again"),
                    ("user.reminded", "User reminded"),
                    ("user.revoked", "User revoked"),
                    ("user.role_changed", "Role changed"),
                    ("user.sign_in_asked", "New sign-in asked for"),
                    ("user.sign_in_renewed", "New sign-in set up"),
                    ("user.sign_in_reset", "New sign-in approved"),
                    ("user.suspended", "User suspended"),
                    ("user.vetted", "Evidence recorded"),
                    ("user.withdrawn", "Invitation withdrawn"),
                    ("people.listed", "List of people read"),
                ],
                max_length=40,
            ),
        ),
    ]
