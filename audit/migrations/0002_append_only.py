from django.db import migrations

# By grant nobody but the owner could; the trigger refuses even the owner's slip.
FORWARDS = """
    CREATE FUNCTION audit_event_refuse_change() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RAISE EXCEPTION 'the access log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
    END
    $$;

    CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse_change();
"""


class Migration(migrations.Migration):
    """Events are written once and never changed."""

    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=FORWARDS,
            reverse_sql="DROP TRIGGER audit_event_append_only ON audit_event; DROP FUNCTION audit_event_refuse_change();",
        ),
    ]
