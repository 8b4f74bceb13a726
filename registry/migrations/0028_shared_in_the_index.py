from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Who shares two tokens with a row of a feed is found by the index alone (docs/adr/0051)."""

    dependencies = [("registry", "0027_following")]

    operations = [ReplaceFunction("search.sharing_each", version=2)]
