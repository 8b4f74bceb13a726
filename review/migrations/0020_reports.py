from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """What was reported as wrong on a record has to do with it (docs/adr/0052)."""

    dependencies = [("registry", "0026_reports"), ("review", "0019_merging")]

    operations = [ReplaceFunction("review_has_to_do", version=2)]
