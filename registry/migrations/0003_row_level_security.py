from django.db import migrations

TABLES = ("child", "childaddress", "childname", "childnumber", "guardian", "involvement", "shield")
# What tells where a child lives. Of a shielded child the web role sees none of it, whatever its transaction recorded.
WHEREABOUTS = ("childaddress", "childnumber", "guardian", "involvement")

# Which children the events of this very transaction name; a person did each, and their live session vouched for it.
NAMED = """
    CREATE FUNCTION registry_children_named(kinds text[]) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT coalesce(array_agg(event.child_id), '{}') FROM public.audit_event AS event
        WHERE event.transaction_id = pg_current_xact_id_if_assigned() AND event.at >= now()
            AND event.kind = ANY (kinds) AND event.actor_id IS NOT NULL AND event.child_id IS NOT NULL
    $$;

    CREATE FUNCTION registry_children_to_see() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT public.registry_children_named('{child.opened,child.shown,involvement.read}')
    $$;

    CREATE FUNCTION registry_children_to_locate() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT coalesce(array_agg(child), '{}') FROM unnest(public.registry_children_to_see()) AS child
        WHERE NOT EXISTS (
            SELECT FROM public.registry_shield AS shield WHERE shield.child_id = child AND shield.ended_on IS NULL
        )
    $$;

    CREATE FUNCTION registry_children_to_keep() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT coalesce(array_agg(child), '{}') FROM unnest(public.registry_children_to_locate()) AS child
        WHERE child = ANY (public.registry_children_named('{involvement.read}'))
    $$;
"""
NOT_NAMED = """
    DROP FUNCTION registry_children_to_keep();
    DROP FUNCTION registry_children_to_locate();
    DROP FUNCTION registry_children_to_see();
    DROP FUNCTION registry_children_named(text[]);
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


def visible(table: str) -> str:
    """The web role's view. The look-up is a sub-select that hangs on no row, so that it runs once in a query."""
    column = "id" if table == "child" else "child_id"
    which = "locate" if table in WHEREABOUTS else "see"
    seen = f"{column} = ANY ((SELECT registry_children_to_{which}())::bigint[])"
    if table == "childname":  # former names, too, lead to where a child lived
        seen += " AND (kind = 'legal' OR child_id = ANY ((SELECT registry_children_to_locate())::bigint[]))"
    return f"CREATE POLICY web_recorded ON registry_{table} FOR SELECT TO contactpoint_web USING ({seen});"


KEPT = "child_id = ANY ((SELECT registry_children_to_keep())::bigint[])"
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
    ]
