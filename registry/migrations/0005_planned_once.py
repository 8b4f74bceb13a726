from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """The policies' question costs half of what it did. What it answers is unchanged."""

    dependencies = [("registry", "0004_epochs")]

    operations = [
        ReplaceFunction("registry_child_to_see", version=2),
        ReplaceFunction("registry_child_to_locate", version=2),
        ReplaceFunction("registry_child_to_keep", version=2),
    ]
