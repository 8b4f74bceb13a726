from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Auditors alone answer families, and whoever releases an answer has just shown a second factor."""

    dependencies = [("access", "0024_cases"), ("audit", "0020_answers")]

    operations = [ReplaceFunction("access_may_do", version=5), ReplaceFunction("access_is_decision", version=4)]
