from django.db import migrations, models

from database.indexes import AddPartitionedIndex, RemovePartitionedIndex

# As audit.models.event.COUNTED has them.
COUNTED = [
    "access.refused",
    "alert.closed",
    "alert.raised",
    "child.opened",
    "child.searched",
    "involvement.recorded",
    "involvement.withdrawn",
    "log.read",
    "mediation.begun",
    "user.approved",
    "user.left",
    "user.revoked",
    "user.suspended",
]


class Migration(migrations.Migration):
    """All that is counted of a month stands in one index; the one of openings alone goes.

    The log is written and read meanwhile. Where it stops, because a lock was not to be had, it is run again and goes on.
    """

    atomic = False
    dependencies = [("audit", "0024_unexamined")]

    operations = [
        AddPartitionedIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind__in", COUNTED)),
                fields=["authority_id", "at"],
                include=("kind", "outcome", "reason", "organisation_id", "actor_id"),
                name="audit_event_counted",
            ),
        ),
        RemovePartitionedIndex(model_name="event", name="audit_event_openings"),
    ]
