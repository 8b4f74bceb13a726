from django.db import migrations

from database.operations import ReplaceFunction

# Whoever changes a record must not fail, or wait, because somebody ends a following meanwhile: the note that something
# changed may outlive the following. The worker finds nothing behind it, and clears it away (registry/worker/following.py).
ALONE = "ALTER TABLE registry_untold DROP CONSTRAINT registry_untold_following"
TOGETHER = """
    DELETE FROM registry_untold AS untold
        WHERE NOT EXISTS (SELECT FROM registry_following AS following WHERE following.id = untold.following_id);
    ALTER TABLE registry_untold ADD CONSTRAINT registry_untold_following FOREIGN KEY (following_id)
        REFERENCES registry_following ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """A change of a record and the end of a following do not stand in each other's way (docs/adr/0059)."""

    dependencies = [("registry", "0028_shared_in_the_index")]

    operations = [
        migrations.RunSQL(ALONE, reverse_sql=TOGETHER),
        ReplaceFunction("registry_following_of", version=2),
        ReplaceFunction("registry_note_changed", version=2),
    ]
