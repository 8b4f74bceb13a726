from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Practitioners ask for shields, administrators decide; whoever approves has just shown a second factor."""

    dependencies = [("access", "0026_late_questions"), ("audit", "0027_shields")]

    operations = [ReplaceFunction("access_may_do", version=6), ReplaceFunction("access_is_decision", version=5)]
