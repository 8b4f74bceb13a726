from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Both budgets count."""

    dependencies = [("registry", "0005_planned_once"), ("access", "0006_mediation")]

    operations = [ReplaceFunction("search.candidates", version=3)]
