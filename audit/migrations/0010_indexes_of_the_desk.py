import django.contrib.postgres.indexes
from django.db import migrations, models

from database.indexes import AddPartitionedIndex, RemovePartitionedIndex

SEEN_OFTEN = [
    "child.added",
    "child.listed",
    "child.opened",
    "child.searched",
    "child.shown",
    "involvement.read",
    "involvement.recorded",
    "log.heartbeat",
    "log.read",
    "people.listed",
    "sign_in.succeeded",
    "sign_out.done",
    "user.read",
]


class Migration(migrations.Migration):
    """What auditors ask by: a person, a visit, a kind of which there are few. The log is written and read meanwhile.

    Where it stops, because a lock was not to be had or it was killed, it is run again and goes on.
    """

    atomic = False
    dependencies = [("audit", "0009_known_alerts")]

    operations = [
        AddPartitionedIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("user_id__isnull", False)), fields=["user_id"], name="audit_event_about"
            ),
        ),
        AddPartitionedIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("session_id__isnull", False)),
                fields=["session_id", "child_id", "id"],
                name="audit_event_visit",
            ),
        ),
        AddPartitionedIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind__in", SEEN_OFTEN), _negated=True),
                fields=["kind", "authority_id", "id"],
                name="audit_event_seldom",
            ),
        ),
        AddPartitionedIndex(
            model_name="event",
            index=models.Index(fields=["authority_id", "id"], name="audit_event_of_authority"),
        ),
        # Two kinds of event list records.
        AddPartitionedIndex(
            model_name="event",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("kind__in", ["child.listed", "child.recalled"])),
                fastupdate=False,
                fields=["shown"],
                name="audit_event_listed",
            ),
        ),
        # An auditor asks for all that is about a person, and not only for what was done in their name.
        RemovePartitionedIndex(model_name="event", name="audit_event_in_ones_name"),
        RemovePartitionedIndex(model_name="event", name="audit_event_shown"),
        RemovePartitionedIndex(model_name="event", name="audit_event_authority"),
    ]
