from django.db import migrations

from database.operations import GuardTable, ReplaceFunction


class Migration(migrations.Migration):
    """The examiner reads events, but for what was asked, and says that it lives (docs/adr/0034)."""

    dependencies = [("audit", "0016_words_in_the_bucket"), ("contactpoint", "0003_examiner")]

    operations = [ReplaceFunction("audit_caller", version=3), GuardTable("audit_event", version=2)]
