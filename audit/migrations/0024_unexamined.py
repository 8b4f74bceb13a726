from django.db import migrations, models

from database.operations import ReplaceFunction

ALERTS = [
    ("over_budget", "Somebody asked for more than their budget"),
    ("unsealed", "Events wait for their seal for too long"),
    ("not_ours", "An event was not written by our software, or was changed before its seal"),
    ("removed", "An event that a process counted is not in the log"),
    ("unrecorded", "An event was begun and is not in the log: what somebody tried has no record"),
    ("unpublished", "Checkpoints of the log are not kept outside as they should be"),
    ("unwitnessed", "A witness has not vouched for the log for too long"),
    ("urgent_case", "An urgent case: much speaks for misuse"),
    ("unexamined", "Accesses wait to be examined for too long"),
]


class Migration(migrations.Migration):
    """An alert where the examiner stands still. There is a way back only while none was raised."""

    dependencies = [("audit", "0023_urgent_cases")]

    operations = [
        ReplaceFunction("audit_rule_broken_by", version=12),
        migrations.RemoveConstraint(model_name="raisedalert", name="audit_raisedalert_what_is_known"),
        migrations.AlterField(
            model_name="raisedalert", name="what", field=models.CharField(choices=ALERTS, max_length=20)
        ),
        migrations.AddConstraint(
            model_name="raisedalert",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__in", [code for code, _words in ALERTS])),
                name="audit_raisedalert_what_is_known",
            ),
        ),
    ]
