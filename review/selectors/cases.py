"""Cases as auditors take them. Call these within a reading of the log: it shows those of the reader's authorities."""

from collections.abc import Sequence
from datetime import UTC, datetime

from review.models import Case
from review.rules.weights import weights

LAST = datetime.max.replace(tzinfo=UTC)


def queue(authorities: Sequence[int]) -> list[Case]:
    """What is in front of auditors of these authorities: the urgent, then the likeliest, as many as they can work on.

    The bound is for each authority, so that a large one does not push a small one out.
    """
    by = weights().score
    found: list[Case] = []
    for authority_id in authorities:
        found += Case.objects.filter(authority_id=authority_id).ranked(by.threshold)[: by.budget]
    return sorted(found, key=lambda case: (case.urgent_at or LAST, -case.score, case.pk))
