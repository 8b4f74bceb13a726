from django.db import migrations

from database.operations import CreateFunction, DropFunction, ReplaceFunction


class Migration(migrations.Migration):
    """Of what two people do to let somebody in, both parts come after the service asked for it."""

    dependencies = [("access", "0014_site_telephone")]

    operations = [
        ReplaceFunction("access_date_approval", version=2),
        DropFunction("access_vetted_by_another"),
        CreateFunction("access_vetted_by_another", version=2),
        ReplaceFunction("access_is_approved", version=3),
        ReplaceFunction("access_guard_user", version=2),
    ]
