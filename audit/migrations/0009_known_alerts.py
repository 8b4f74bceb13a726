from django.db import migrations, models

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Outcomes and alerts are those of their lists, and the web role raises no alert but that a budget is spent."""

    dependencies = [("audit", "0008_alerts_in_groups")]

    operations = [
        ReplaceFunction("audit_rule_broken_by", version=6),
        ReplaceFunction("audit_record_process", version=2),
        ReplaceFunction("audit_alert_again", version=2),
        ReplaceFunction("audit_alert_begin", version=2),
        migrations.AddConstraint(
            model_name="raisedalert",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__in", ["over_budget", "unsealed", "not_ours", "removed", "unrecorded"])),
                name="audit_raisedalert_what_is_known",
            ),
        ),
    ]
