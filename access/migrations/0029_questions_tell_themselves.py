from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Of a question of an auditor somebody is told where it is put, and by nothing else (review 0015)."""

    dependencies = [("access", "0028_protected")]

    operations = [ReplaceFunction("access_notify", version=4)]
