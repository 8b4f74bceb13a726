import django.db.models.deletion
from django.db import migrations, models

from database.operations import CreateFunction, DropFunction, ReplaceFunction


class Migration(migrations.Migration):
    """Systems deliver feeds for which they are accredited."""

    dependencies = [("access", "0037_clients"), ("feeds", "0004_bounds")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="system",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.clientsystem",
            ),
        ),
        CreateFunction("feeds_delivers"),
        CreateFunction("feeds_named"),
        CreateFunction("feeds_batch_event"),
        ReplaceFunction("feeds_batch_begin", version=3),
        ReplaceFunction("feeds_batch_of_this_transaction", version=2),
        DropFunction("feeds_batches", version=2),
        CreateFunction("feeds_batches", version=3),
    ]
