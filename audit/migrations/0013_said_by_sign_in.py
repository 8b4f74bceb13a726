from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """That somebody failed to sign in is said by whoever signs people in, and by no web process."""

    dependencies = [("audit", "0012_kept_outside")]

    operations = [ReplaceFunction("audit_record_process", version=3)]
