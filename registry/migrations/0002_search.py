from django.db import migrations

from database.operations import CreateFunction

# Tokens stand in a schema of their own: left out of logical backups (docs/adr/0003), unreadable to the web role.
SCHEMA = """
    CREATE SCHEMA search;

    CREATE TABLE search.epoch (
        number integer CONSTRAINT search_epoch_pkey PRIMARY KEY,
        bits integer NOT NULL CONSTRAINT search_epoch_bits_fit CHECK (bits BETWEEN 8 AND 31),
        started_at timestamptz NOT NULL DEFAULT now()
    );

    CREATE TABLE search.child_token (
        child_id bigint CONSTRAINT search_child_token_pkey PRIMARY KEY
            CONSTRAINT search_child_token_of_child REFERENCES public.registry_child ON DELETE CASCADE,
        tokens integer[] NOT NULL CONSTRAINT search_child_token_padded CHECK (cardinality(tokens) % 32 = 0 AND cardinality(tokens) > 0)
    );

    -- Without the pending list: a search must not pay for somebody else's write.
    CREATE INDEX search_child_token_tokens ON search.child_token USING gin (tokens) WITH (fastupdate = off);
"""


class Migration(migrations.Migration):
    """The search index: token table, its epoch, and the two functions through which it is used."""

    dependencies = [("registry", "0001_initial")]

    operations = [
        migrations.RunSQL(sql=SCHEMA, reverse_sql="DROP SCHEMA search CASCADE"),
        CreateFunction("search.candidates"),
        CreateFunction("search.put"),
    ]
