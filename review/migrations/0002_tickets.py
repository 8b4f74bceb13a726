from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """An auditor reads what a ticket says that they read."""

    dependencies = [("review", "0001_initial"), ("access", "0016_tickets")]

    operations = [
        ReplaceFunction("review_audited", version=2),
        ReplaceFunction("review_child_of_number", version=2),
    ]
