from django.db import migrations, models

from database.operations import CreateFunction, ReplaceFunction

# PostgreSQL's own source of random bits, which gen_random_uuid draws from.
MAKE_KEY = """
    INSERT INTO audit_ticketkey (key)
        VALUES (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))
"""


class Migration(migrations.Migration):
    """What an event allows is read after it is committed, with a ticket."""

    dependencies = [("audit", "0010_indexes_of_the_desk")]

    operations = [
        migrations.CreateModel(
            name="TicketKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.RunSQL(MAKE_KEY, reverse_sql=migrations.RunSQL.noop),
        CreateFunction("audit_ticket_mark"),
        CreateFunction("audit_issue_ticket"),
        CreateFunction("audit_ticket"),
        ReplaceFunction("audit_reading_is_recorded", version=2),
        migrations.AlterField(
            model_name="raisedalert",
            name="what",
            field=models.CharField(
                choices=[
                    ("over_budget", "Somebody asked for more than their budget"),
                    ("unsealed", "Events wait for their seal for too long"),
                    ("not_ours", "An event was not written by our software, or was changed before its seal"),
                    ("removed", "An event that a process counted is not in the log"),
                    ("unrecorded", "An event was begun and is not in the log: what somebody tried has no record"),
                ],
                max_length=20,
            ),
        ),
    ]
