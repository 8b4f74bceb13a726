from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Charts and reports count a month of explanations from an index. The examiner writes meanwhile."""

    atomic = False
    dependencies = [("review", "0012_standing_still")]

    operations = [
        AddIndexConcurrently(
            model_name="explanation",
            index=models.Index(
                fields=["authority_id", "day"], include=("state", "person_id"), name="review_explanation_of_month"
            ),
        ),
    ]
