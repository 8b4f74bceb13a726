from django.db import migrations

from database.operations import CreateFunction


class Migration(migrations.Migration):
    """Whom the rows of a feed may be about is looked up for many rows at once."""

    dependencies = [("registry", "0019_numbers_checked")]

    operations = [CreateFunction("search.sharing_each")]
