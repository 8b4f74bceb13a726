from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Nobody archives or destroys a record but the worker, when its time has come."""

    dependencies = [("access", "0030_overriding")]

    operations = [ReplaceFunction("access_may_do", version=8)]
