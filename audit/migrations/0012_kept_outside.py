import django.db.models.deletion
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
]


class Migration(migrations.Migration):
    """What witnesses say, what the bucket holds, and an alert for each where it is late.

    There is a way back only while none of these alerts was raised: an alert is not taken away.
    """

    dependencies = [("audit", "0011_tickets")]

    operations = [
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("witness", models.CharField(max_length=200, verbose_name="the name of its key")),
                ("line", models.TextField(verbose_name="the signature's line, to stand under the checkpoint's note")),
                ("at", models.DateTimeField(verbose_name="when, by the witness's clock")),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT, related_name="cosignatures", to="audit.checkpoint"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("witness", "checkpoint"), name="audit_cosignature_given_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="checkpoint",
            name="kept_until",
            field=models.DateTimeField(null=True, verbose_name="until when the bucket holds it, with all before it"),
        ),
        migrations.AddIndex(
            model_name="checkpoint",
            index=models.Index(
                condition=models.Q(("kept_until", None), _negated=True), fields=["size"], name="audit_checkpoint_kept"
            ),
        ),
        ReplaceFunction("audit_rule_broken_by", version=7),
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
