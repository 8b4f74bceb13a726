from django.db import migrations

from database.operations import CreateFunction, DropFunction, GuardTable, ReplaceFunction

# What searches led to, for seconds. Unlogged: it neither goes into the write-ahead log nor outlives a crash.
DRAWS = """
    CREATE UNLOGGED TABLE search.draw (
        event_id bigint NOT NULL,
        number integer NOT NULL CONSTRAINT search_draw_few_a_search CHECK (number BETWEEN 1 AND 4),
        epoch integer NOT NULL,
        asked integer[] NOT NULL,
        asked_in xid8 NOT NULL,
        asked_at timestamptz NOT NULL,
        ids bigint[],
        over_budget text,
        whose_budget text,
        drawn_in xid8,
        CONSTRAINT search_draw_pkey PRIMARY KEY (event_id, number)
    );
    ALTER TABLE search.draw ALTER COLUMN asked SET STATISTICS 0, ALTER COLUMN ids SET STATISTICS 0;
    CREATE INDEX search_draw_asked_at ON search.draw (asked_at);
"""

TABLES = (
    "registry_child",
    "registry_childaddress",
    "registry_childname",
    "registry_childnumber",
    "registry_guardian",
    "registry_shield",
)


class Migration(migrations.Migration):
    """A child is read after the event that names them is committed, and whom a search leads to after it is charged."""

    dependencies = [("registry", "0008_recalled"), ("access", "0016_tickets")]

    operations = [
        migrations.RunSQL(DRAWS, reverse_sql="DROP TABLE search.draw"),
        ReplaceFunction("registry_child_to_keep", version=3),
        CreateFunction("registry_read"),
        *(GuardTable(table, version=2) for table in TABLES),
        GuardTable("registry_involvement", version=3),
        DropFunction("registry_child_to_see", version=2),
        DropFunction("registry_child_to_locate", version=2),
        DropFunction("registry_recalled", version=1),
        DropFunction("registry_opened_lately", version=1),
        CreateFunction("registry_opened_by"),
        CreateFunction("registry_opened_lately", version=2),
        CreateFunction("registry_recalled", version=2),
        DropFunction("search.candidates", version=3),
        CreateFunction("search.ask"),
        CreateFunction("search.draw"),
        CreateFunction("search.drawn"),
        CreateFunction("search.clear_draws"),
    ]
