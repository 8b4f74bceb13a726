from django.db import migrations, models

import encryption.fields
from database.operations import CreateFunction, ReplaceFunction

# Whoever signed in before this lasts ten hours at most; until then their sessions were last seen when they began.
SEEN_WHEN_BEGUN = "UPDATE access_session SET seen_at = started_at"


class Migration(migrations.Migration):
    """Where somebody is signed in, for themselves to see and to end."""

    dependencies = [("access", "0002_guards"), ("audit", "0004_session_ended"), ("encryption", "0001_sealed_type")]

    operations = [
        migrations.AddField("session", "device", encryption.fields.SealedBytes(null=True)),
        migrations.AddField("session", "seen_at", models.DateTimeField(null=True)),
        migrations.RunSQL(SEEN_WHEN_BEGUN, migrations.RunSQL.noop),
        migrations.AlterField("session", "seen_at", models.DateTimeField()),
        ReplaceFunction("access_session_begin", version=2),
        ReplaceFunction("access_session_save", version=2),
        CreateFunction("access_session_note_device"),
        CreateFunction("access_sessions_of"),
        CreateFunction("access_sessions_end"),
    ]
