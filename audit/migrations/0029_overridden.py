from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """The examiner raises an alert where a shield was overridden, too."""

    dependencies = [("audit", "0028_protected")]

    operations = [ReplaceFunction("audit_record_process", version=6)]
