from django.db import migrations

from database import roles


def make_role(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        roles.make(cursor, ["contactpoint_sign_in"])


class Migration(migrations.Migration):
    """The role of the process that signs people in (docs/adr/0029). On the way back it stays: without a right, and for
    other databases of the server."""

    dependencies = [("contactpoint", "0001_roles")]

    operations = [migrations.RunPython(make_role, migrations.RunPython.noop)]
