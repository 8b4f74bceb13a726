from django.db import migrations

from database.operations import CreateFunction


class Migration(migrations.Migration):
    """An auditor is told the names of those whom what they read names, and of nobody else."""

    dependencies = [("review", "0002_tickets"), ("access", "0018_shown")]

    operations = [CreateFunction("review_names_of")]
