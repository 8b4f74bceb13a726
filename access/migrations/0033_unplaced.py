from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Children with no education setting are charged as they are listed, to a measure of their own."""

    dependencies = [("access", "0032_feeds")]

    operations = [ReplaceFunction("access_charge_event", version=5)]
