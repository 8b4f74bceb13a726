import django.db.models.functions.datetime
from django.db import migrations, models

from database.operations import CreateFunction


class Migration(migrations.Migration):
    """It is seen where the examiner stands still."""

    dependencies = [("review", "0008_calls"), ("audit", "0023_unexamined")]

    operations = [
        migrations.AddField(
            model_name="cursor",
            name="whole_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                verbose_name="when all that had settled by then was examined",
            ),
        ),
        CreateFunction("review_unexamined_since"),
    ]
