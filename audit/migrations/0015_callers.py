from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Who calls is who connected, and not whom a statement says that it is while it runs."""

    dependencies = [("audit", "0014_new_sign_in")]

    operations = [
        ReplaceFunction("audit_caller", version=2),
        ReplaceFunction("audit_record_process", version=4),
    ]
