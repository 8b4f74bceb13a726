"""What the pages show: how many rows a batch has and how many were refused for each reason; and of a shielded child not
how well that fits which is hidden."""

from django.db import migrations, models

from database.operations import CreateFunction, DropFunction, ReplaceFunction


class Migration(migrations.Migration):
    dependencies = [("feeds", "0001_initial")]

    operations = [
        migrations.AddField(model_name="batch", name="expected", field=models.BigIntegerField(null=True)),
        migrations.AddField(model_name="batch", name="faults", field=models.JSONField(null=True)),
        DropFunction("feeds_batches", version=1),
        CreateFunction("feeds_batches", version=2),
        ReplaceFunction("feeds_matches", version=2),
    ]
