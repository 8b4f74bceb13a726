from django.db import migrations, models

from database.indexes import AddPartitionedIndex

# As audit.reasons.Reason had them.
GROUNDS = ["", "s11", "s47", "s10", "s175", "s436a", "upkeep"]


class Migration(migrations.Migration):
    """What auditors ask by: an organisation, a reason that few give, and how many records were opened.

    Each month has its index made concurrently, which waits for nobody and lets everybody write. The table alone is locked
    against writers, three times for an instant, and that is given up after three seconds where somebody else holds it.
    Where it stops it is run again, and goes on.
    """

    atomic = False
    dependencies = [("audit", "0020_answers")]

    operations = [
        AddPartitionedIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("organisation_id__isnull", False)),
                fields=["organisation_id", "id"],
                name="audit_event_organisation",
            ),
        ),
        AddPartitionedIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("reason__in", GROUNDS), _negated=True),
                fields=["reason", "authority_id", "id"],
                name="audit_event_reason",
            ),
        ),
        AddPartitionedIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind", "child.opened")),
                fields=["authority_id", "at"],
                include=("organisation_id",),
                name="audit_event_openings",
            ),
        ),
    ]
