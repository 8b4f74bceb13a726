from django.db import migrations, models

from database.operations import CreateFunction


class Migration(migrations.Migration):
    """What rows of a batch say, counted as it is taken in; and how good what a feed sends is, in numbers."""

    dependencies = [("feeds", "0002_places")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="read",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(model_name="batch", name="holds", field=models.JSONField(null=True)),
        migrations.AddField(model_name="batch", name="ages", field=models.JSONField(null=True)),
        migrations.AddField(model_name="batch", name="named", field=models.BigIntegerField(null=True)),
        migrations.AddField(model_name="batch", name="silent", field=models.BigIntegerField(null=True)),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(("read__lte", models.F("rows")), ("silent__lte", models.F("named"))),
                name="feeds_batch_parts_of_what_there_is",
            ),
        ),
        CreateFunction("feeds_quality"),
    ]
