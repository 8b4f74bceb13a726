from django.db import migrations

from database.operations import CreateFunction, DropFunction, ReplaceFunction


class Migration(migrations.Migration):
    """A token is given back once, and found by its system's key; sessions are asked for before tokens are."""

    dependencies = [("access", "0038_telling")]

    operations = [
        ReplaceFunction("access_show_ticket", version=3),
        ReplaceFunction("access_token_give", version=2),
        ReplaceFunction("access_token_end", version=2),
        DropFunction("access_token_load", version=3),
        CreateFunction("access_token_load", version=4),
    ]
