from django.db import migrations

from database.operations import CreateFunction, GuardTable

# The planner's estimates show in EXPLAIN, past every policy: who does much must not be among them.
NO_STATISTICS = """
    ALTER TABLE audit_event ALTER COLUMN actor_id SET STATISTICS 0, ALTER COLUMN child_id SET STATISTICS 0,
        ALTER COLUMN user_id SET STATISTICS 0, ALTER COLUMN session_id SET STATISTICS 0,
        ALTER COLUMN shown SET STATISTICS 0;
"""
# Whoever holds the lock of its only row is the sequencer. A row, since anybody may take an advisory lock.
TURN = """
    CREATE TABLE audit_turn (one boolean CONSTRAINT audit_turn_pkey PRIMARY KEY CONSTRAINT audit_turn_is_one CHECK (one));
    INSERT INTO audit_turn VALUES (true);
"""


class Migration(migrations.Migration):
    """Events are written in one way, never changed, and read only where the reading is recorded.

    Not to be undone: a log that has lost its guards for a while is a log nobody can vouch for.
    """

    dependencies = [("audit", "0001_initial"), ("contactpoint", "0001_roles")]

    operations = [
        CreateFunction("audit_line"),
        CreateFunction("audit_append"),
        CreateFunction("audit_caller"),
        CreateFunction("audit_record_process"),
        CreateFunction("audit_event_refuse_change"),
        CreateFunction("audit_make_partitions"),
        migrations.RunSQL("SELECT audit_make_partitions(3)"),
        CreateFunction("audit_reading_is_recorded"),
        migrations.RunSQL(NO_STATISTICS),
        GuardTable("audit_event"),
        migrations.RunSQL(TURN),
        CreateFunction("audit_unsealed_since"),
    ]
