from django.db import migrations

from database.operations import ReplaceFunction


class Migration(migrations.Migration):
    """Bounds are decided about while none are suggested, one feed at a time (docs/adr/0061)."""

    dependencies = [("feeds", "0005_delivered")]

    operations = [ReplaceFunction("feeds_bounds_decide", version=2)]
