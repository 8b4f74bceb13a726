from django.db import migrations, models


class Migration(migrations.Migration):
    """What mediators looked up is found by them as well."""

    dependencies = [("review", "0007_saved_views")]

    operations = [
        migrations.AddIndex(
            model_name="explanation",
            index=models.Index(
                condition=models.Q(("actor_id", models.F("person_id")), _negated=True),
                fields=["actor_id", "at"],
                name="review_explanation_of_calls",
            ),
        ),
    ]
