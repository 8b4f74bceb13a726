from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """What is recalled is charged as what is found."""

    dependencies = [("access", "0009_telephone"), ("audit", "0007_withdrawn_and_recalled")]

    operations = [ReplaceFunction("access_charge_event", version=3)]
