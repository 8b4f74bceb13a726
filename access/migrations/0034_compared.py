from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Records are charged as they are compared with another, to a measure of their own."""

    dependencies = [("access", "0033_unplaced")]

    operations = [ReplaceFunction("access_charge_event", version=6)]
