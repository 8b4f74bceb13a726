from django.db import migrations

from database.operations import CreateFunction, ReplaceFunction


class Migration(migrations.Migration):
    """A history that is filled in needs months that are over; only the owner makes one of those."""

    dependencies = [("audit", "0017_examiner")]

    operations = [
        CreateFunction("audit_make_month"),
        ReplaceFunction("audit_make_partitions", version=2),
    ]
