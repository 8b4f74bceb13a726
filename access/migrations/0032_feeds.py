from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Who may take each step with batches, matches, merged records, hand-overs and the archive."""

    dependencies = [("access", "0031_retention")]

    operations = [ReplaceFunction("access_may_do", version=9), ReplaceFunction("access_is_decision", version=7)]
