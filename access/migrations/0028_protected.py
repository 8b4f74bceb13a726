from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Who overrides a shield or approves a new identity has just shown a second factor; who asks and who decides."""

    dependencies = [("access", "0027_shields"), ("audit", "0028_protected")]

    operations = [ReplaceFunction("access_may_do", version=7), ReplaceFunction("access_is_decision", version=6)]
