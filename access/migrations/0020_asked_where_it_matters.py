from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """What lets most events pass is asked of the others alone. No table is touched."""

    dependencies = [("access", "0019_own_ways_in")]

    operations = [
        ReplaceFunction("access_charge_event", version=5),
        ReplaceFunction("audit_record", version=4),
    ]
