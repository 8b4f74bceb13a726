from django.db import migrations

from database.operations import CreateFunction, ReplaceFunction


class Migration(migrations.Migration):
    """Two people have a part in letting somebody in, also where no person asked for it."""

    dependencies = [("access", "0010_charge_recalled")]

    operations = [CreateFunction("access_vetted_by_another"), ReplaceFunction("access_is_approved", version=2)]
