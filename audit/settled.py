"""Which events have settled: none comes before them any more, since every transaction that began earlier has ended."""

from django.db import connection

# The oldest transaction that still runs and may write events here. Those of other databases cannot, and the server's
# own cleaning (of no user), which can last for minutes, does not.
OLDEST_WRITER = """
    SELECT coalesce(
        (
            SELECT min(running) FROM pg_snapshot_xip(snapshot) AS running
            WHERE NOT EXISTS (
                SELECT FROM pg_stat_activity AS backend
                WHERE backend.backend_xid = running::xid
                    AND (backend.usesysid IS NULL OR backend.datid <> here.oid)
            )
        ),
        pg_snapshot_xmax(snapshot)
    )::text
    FROM pg_current_snapshot() AS snapshot, pg_database AS here
    WHERE here.datname = current_database()
"""


def oldest_writer() -> int:
    """The transaction before which all have ended. Ask it before the events: the next statement sees all of them."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_WRITER)
        return int(cursor.fetchone()[0])
