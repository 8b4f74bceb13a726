from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """The record of an answer that is closed for a new identity is gone, whatever hid it before (docs/adr/0042)."""

    dependencies = [("registry", "0014_new_identities"), ("review", "0016_overridden")]

    operations = [ReplaceFunction("review_answer_standing", version=2)]
