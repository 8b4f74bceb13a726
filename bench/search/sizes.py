"""What the search index takes on the disc, beside the records that it finds."""

import psycopg

from bench import people
from bench.tables import Row

_STATEMENT = """
    SELECT relation.relname, relation.reltuples::bigint, pg_table_size(relation.oid), pg_indexes_size(relation.oid)
    FROM pg_class AS relation JOIN pg_namespace AS schema ON schema.oid = relation.relnamespace
    WHERE relation.relkind = 'r'
      AND (schema.nspname = 'search' AND relation.relname LIKE 'child_token%' OR relation.relname = 'registry_child')
    ORDER BY relation.relname
"""


def rows() -> list[Row]:
    """A row for each table of tokens, and for the children's own: sizes in gigabytes."""
    with psycopg.connect(people.address("owner")) as owner:
        found = owner.execute(_STATEMENT).fetchall()
    return [
        {
            "table": name,
            "rows, about": max(count, 0),
            "table GB": f"{table / 1e9:.3f}",
            "indexes GB": f"{indexes / 1e9:.3f}",
            "both GB": f"{(table + indexes) / 1e9:.3f}",
        }
        for name, count, table, indexes in found
    ]


def gigabytes_of_tokens() -> float:
    """All tokens with their indexes: while an index is rebuilt, of both."""
    return sum(float(row["both GB"]) for row in rows() if row["table"].startswith("child_token"))
