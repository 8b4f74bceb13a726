from django.db import migrations

CHECK = (
    "ALTER TABLE registry_childnumber VALIDATE CONSTRAINT registry_childnumber_child_id_2110c4b2_fk_registry_child_id"
)


class Migration(migrations.Migration):
    """Numbers are looked at in a transaction of their own, while children are read and written."""

    dependencies = [("registry", "0018_retention")]

    operations = [migrations.RunSQL(CHECK, reverse_sql=migrations.RunSQL.noop)]
