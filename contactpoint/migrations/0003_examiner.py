from django.db import migrations

from database import roles


def make_role(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        roles.make(cursor, ["contactpoint_examiner"])


class Migration(migrations.Migration):
    """The role of the process that compares whoever looks with those who are looked at (docs/adr/0034). On the way back it
    stays: without a right, and for other databases of the server."""

    dependencies = [("contactpoint", "0002_sign_in")]

    operations = [migrations.RunPython(make_role, migrations.RunPython.noop)]
