from django.db import migrations

from database.operations import CreateFunction


class Migration(migrations.Migration):
    """Somebody who opened a record this week finds it again without typing the child's name."""

    dependencies = [("registry", "0007_withdrawals"), ("access", "0010_charge_recalled")]

    operations = [CreateFunction("registry_opened_lately"), CreateFunction("registry_recalled")]
