from django.db import migrations

from database.operations import CreateFunction, DropFunction

# One table for each epoch of the index, all of them together search.child_token. Two live side by side while the index is
# rebuilt; each remembers by which version of the token families its children are filed.
TABLES = """
    ALTER TABLE search.epoch
        ADD COLUMN families integer NOT NULL DEFAULT 0,
        ADD COLUMN state text NOT NULL DEFAULT 'dropped'
            CONSTRAINT search_epoch_state_is_known
                CHECK (state IN ('filling', 'indexing', 'serving', 'retired', 'dropped')),
        -- Every child up to this one is filed, while the epoch is being filled.
        ADD COLUMN filled_up_to bigint NOT NULL DEFAULT 0,
        ADD COLUMN served_at timestamptz,
        ADD COLUMN retired_at timestamptz;
    ALTER TABLE search.epoch ALTER COLUMN families DROP DEFAULT, ALTER COLUMN state SET DEFAULT 'filling';
    CREATE UNIQUE INDEX search_epoch_one_serves ON search.epoch ((true)) WHERE state = 'serving';
    CREATE UNIQUE INDEX search_epoch_one_is_built ON search.epoch ((true)) WHERE state IN ('filling', 'indexing');

    -- Filed by families that had no version yet: make_demonstration and rebuild_index make it anew.
    DROP TABLE search.child_token;
    CREATE TABLE search.child_token (
        child_id bigint NOT NULL,
        tokens integer[] NOT NULL CONSTRAINT search_child_token_padded CHECK (cardinality(tokens) % 32 = 0 AND cardinality(tokens) > 0),
        epoch integer NOT NULL
    ) PARTITION BY LIST (epoch);
    -- The commonest tokens would stand in the planner's statistics, and it has no use for them.
    ALTER TABLE search.child_token ALTER COLUMN tokens SET STATISTICS 0;

    -- Children who changed while their epoch's index was being made, which lets nobody write to its table.
    CREATE TABLE search.late (
        epoch integer REFERENCES search.epoch,
        child_id bigint CONSTRAINT search_late_of_child REFERENCES public.registry_child ON DELETE CASCADE,
        tokens integer[] NOT NULL CONSTRAINT search_late_padded CHECK (cardinality(tokens) % 32 = 0 AND cardinality(tokens) > 0),
        CONSTRAINT search_late_pkey PRIMARY KEY (epoch, child_id)
    );
    ALTER TABLE search.late ALTER COLUMN tokens SET STATISTICS 0;
"""


class Migration(migrations.Migration):
    """An index that is rebuilt while it serves. The one there was is made anew; so it would be on the way back, which is not there."""

    dependencies = [("registry", "0003_row_level_security")]

    operations = [
        migrations.RunSQL(sql=TABLES),
        DropFunction("search.candidates", version=1),
        DropFunction("search.put", version=1),
        CreateFunction("search.living"),
        CreateFunction("search.put", version=2),
        CreateFunction("search.fill"),
        CreateFunction("search.rows"),
        CreateFunction("search.begin_epoch"),
        CreateFunction("search.note_filled"),
        CreateFunction("search.close_epoch"),
        CreateFunction("search.index_epoch"),
        CreateFunction("search.bind_epoch"),
        CreateFunction("search.check_epoch"),
        CreateFunction("search.serve_epoch"),
        CreateFunction("search.drop_epoch"),
        CreateFunction("search.candidates", version=2),
    ]
