from django.db import migrations

from database.operations import CreateFunction, DropFunction, ReplaceFunction

COLUMNS = """
    ALTER TABLE search.draw
        ADD COLUMN corroborated integer[] NOT NULL DEFAULT '{}', ADD COLUMN beside integer[] NOT NULL DEFAULT '{}';
    ALTER TABLE search.draw ALTER COLUMN corroborated SET STATISTICS 0, ALTER COLUMN beside SET STATISTICS 0;
"""
WITHOUT = "ALTER TABLE search.draw DROP COLUMN corroborated, DROP COLUMN beside"


class Migration(migrations.Migration):
    """Most tokens that a search with mistakes asks for lead only to a child who has another of them."""

    dependencies = [("registry", "0015_households")]

    operations = [
        migrations.RunSQL(COLUMNS, reverse_sql=WITHOUT),
        DropFunction("search.ask"),
        CreateFunction("search.ask", version=2),
        ReplaceFunction("search.draw", version=2),
    ]
