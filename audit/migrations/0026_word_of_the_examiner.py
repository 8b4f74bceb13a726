from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """What allows something is told as done; and the examiner records that a case is urgent and that it lives alone."""

    dependencies = [("audit", "0025_counted")]

    operations = [
        ReplaceFunction("audit_record_process", version=5),
        ReplaceFunction("audit_rule_broken_by", version=13),
    ]
