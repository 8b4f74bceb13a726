from django.db import migrations

from database.operations import CreateFunction, GuardTable

TABLES = ("child", "childaddress", "childname", "childnumber", "guardian", "involvement", "shield")


def without_statistics(table: str) -> str:
    """The planner's estimates show in EXPLAIN, past every policy: of whom there are rows must not be among them."""
    return f"ALTER TABLE registry_{table} ALTER COLUMN child_id SET STATISTICS 0;"


def with_statistics(table: str) -> str:
    return f"ALTER TABLE registry_{table} ALTER COLUMN child_id SET STATISTICS DEFAULT;"


class Migration(migrations.Migration):
    """No child's row without a record: PostgreSQL shows the web role what its transaction's own events name."""

    dependencies = [("registry", "0002_search"), ("access", "0002_guards")]

    operations = [
        CreateFunction("registry_child_to_see"),
        CreateFunction("registry_child_to_locate"),
        CreateFunction("registry_child_to_keep"),
        *(GuardTable(f"registry_{table}") for table in TABLES),
        *(
            migrations.RunSQL(sql=without_statistics(table), reverse_sql=with_statistics(table))
            for table in TABLES
            if table != "child"
        ),
    ]
