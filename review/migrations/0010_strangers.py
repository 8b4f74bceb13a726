import django.contrib.postgres.indexes
from django.db import migrations

from database.operations import DropFunction


class Migration(migrations.Migration):
    """Who comes upon a child is told from who opened the record, and held against what is usual with children."""

    dependencies = [("review", "0009_cases_of_children")]

    operations = [
        migrations.AddIndex(
            model_name="explanation",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["at"], name="review_explanation_at"
            ),
        ),
        DropFunction("review_sought"),
    ]
