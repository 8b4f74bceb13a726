from django.db import migrations

TABLES = ("child", "childaddress", "childname", "childnumber", "guardian", "involvement", "shield")
# What tells where a child lives. Of a shielded child the web role sees none of it, whatever its transaction recorded.
WHEREABOUTS = ("childaddress", "childnumber", "guardian", "involvement")

# Which child the last event of this very transaction names; a person did it, and their live session vouched for it.
NAMED = """
    CREATE FUNCTION registry_child_to_see() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT event.child_id FROM public.audit_event AS event
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind IN ('child.opened', 'child.shown', 'involvement.read')
            AND event.actor_id IS NOT NULL AND event.child_id IS NOT NULL
        ORDER BY event.id DESC LIMIT 1
    $$;

    CREATE FUNCTION registry_child_to_locate() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT child FROM public.registry_child_to_see() AS child
        WHERE NOT EXISTS (
            SELECT FROM public.registry_shield AS shield WHERE shield.child_id = child AND shield.ended_on IS NULL
        )
    $$;

    CREATE FUNCTION registry_child_to_keep() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT child FROM public.registry_child_to_locate() AS child
        WHERE EXISTS (
            SELECT FROM public.audit_event AS event
            WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
                AND event.kind = 'involvement.read' AND event.actor_id IS NOT NULL AND event.child_id = child
        )
    $$;
"""
NOT_NAMED = """
    DROP FUNCTION registry_child_to_keep();
    DROP FUNCTION registry_child_to_locate();
    DROP FUNCTION registry_child_to_see();
"""


def forced(table: str) -> str:
    """Row-level security for everybody, the owner too; owner and worker see all rows, and act for no person."""
    return f"""
        ALTER TABLE registry_{table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY owner ON registry_{table} TO contactpoint_owner USING (true);
        CREATE POLICY worker ON registry_{table} TO contactpoint_worker USING (true);
    """


def not_forced(table: str) -> str:
    return f"""
        DROP POLICY worker ON registry_{table};
        DROP POLICY owner ON registry_{table};
        ALTER TABLE registry_{table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
    """


def is_child(column: str, which: str) -> str:
    """The policy: first that there is a child at all, then that the row is theirs.

    Both parts are shaped against an oracle. Before a policy, PostgreSQL evaluates conditions of the query that cannot leak by
    themselves and cost less; EXPLAIN then tells whether the policy was asked, and so whether any row fits. The first part
    costs nothing, so that it runs before a bare column such as `lead`; the second costs half an operator, which is less than
    any comparison. Sub-selects, so that each is looked up once in a query.
    """
    child = f"(SELECT registry_child_to_{which}())"
    return f"({child} IS NOT NULL AND {column} = ANY (ARRAY[{child}]))"


def visible(table: str) -> str:
    """What the web role sees of a table."""
    seen = is_child("id" if table == "child" else "child_id", "locate" if table in WHEREABOUTS else "see")
    if table == "childname":  # former names, too, lead to where a child lived
        seen += f" AND (kind = 'legal' OR {is_child('child_id', 'locate')})"
    return f"CREATE POLICY web_recorded ON registry_{table} FOR SELECT TO contactpoint_web USING ({seen});"


def without_statistics(table: str) -> str:
    """The planner's estimates show in EXPLAIN, past every policy: of whom there are rows must not be among them."""
    return f"ALTER TABLE registry_{table} ALTER COLUMN child_id SET STATISTICS 0;"


def with_statistics(table: str) -> str:
    return f"ALTER TABLE registry_{table} ALTER COLUMN child_id SET STATISTICS DEFAULT;"


KEPT = is_child("child_id", "keep")
KEEPING = f"""
    CREATE POLICY web_adds ON registry_involvement FOR INSERT TO contactpoint_web WITH CHECK ({KEPT});
    CREATE POLICY web_changes ON registry_involvement FOR UPDATE TO contactpoint_web USING ({KEPT}) WITH CHECK ({KEPT});
"""
NOT_KEEPING = """
    DROP POLICY web_changes ON registry_involvement;
    DROP POLICY web_adds ON registry_involvement;
"""


class Migration(migrations.Migration):
    """No child's row without a record: PostgreSQL shows the web role what its transaction's own events name."""

    dependencies = [("registry", "0002_search"), ("access", "0002_guards")]

    operations = [
        migrations.RunSQL(sql=NAMED, reverse_sql=NOT_NAMED),
        *(migrations.RunSQL(sql=forced(table), reverse_sql=not_forced(table)) for table in TABLES),
        *(
            migrations.RunSQL(sql=visible(table), reverse_sql=f"DROP POLICY web_recorded ON registry_{table};")
            for table in TABLES
        ),
        migrations.RunSQL(sql=KEEPING, reverse_sql=NOT_KEEPING),
        *(
            migrations.RunSQL(sql=without_statistics(table), reverse_sql=with_statistics(table))
            for table in TABLES
            if table != "child"
        ),
    ]
