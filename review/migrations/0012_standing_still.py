import django.db.models.functions.datetime
from django.db import migrations, models

from database.operations import CreateFunction, ReplaceFunction


class Migration(migrations.Migration):
    """It is seen where the examiner stands still; and a record's events are found by the record alone."""

    dependencies = [("review", "0011_desk_finished"), ("audit", "0024_unexamined")]

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
        ReplaceFunction("review_events_of_record", version=3),
    ]
