from django.db import migrations
from django.db.migrations.exceptions import IrreversibleError

from database import roles

WEB, READER = "contactpoint_web", "contactpoint_reader"
ROLES = (WEB, "contactpoint_worker", "contactpoint_sequencer", READER)


def make_roles(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        # The reader is taken on for an auditor's query and for nothing else: never by itself.
        roles.make(cursor, ROLES, lent=[(READER, WEB)])


def keep_roles(apps, schema_editor):
    raise IrreversibleError("The roles stay: other databases of the server may use them.")


class Migration(migrations.Migration):
    """The roles as which processes connect. They stay when the tables go: other databases of the server may use them."""

    initial = True

    dependencies = []
    run_before = [("encryption", "0001_sealed_type")]

    operations = [migrations.RunPython(make_roles, keep_roles)]
