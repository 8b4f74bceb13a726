"""Children filed anew for search when a shield comes or goes. By the worker, which alone seals a summary and files it.

The transaction that began the shield took the child out of search (registry_shield_begun.sql), and search shows none
of it until it is filed here, under what is visible. When a shield was lifted, it is found by no more than before until
then.
"""

import structlog
from django.db import transaction
from django.utils import timezone

from registry.models import Child, ChildAddress, ChildName, ChildNumber, Shield
from registry.protection import households
from registry.search import index
from registry.search.summaries import summarise
from registry.traits.rebuilding import make_block
from registry.vocabulary import NameKind

logger = structlog.get_logger(__name__)


def file_shielded() -> int:
    """File every child whose shield came or went since it was filed, and shield who lives with them. Returns how many.

    Each in a transaction of its own: one that cannot be filed keeps no other from it, stays out of search, and is taken
    up again the next time.
    """
    filed, failed = 0, list[int]()
    waiting = Shield.objects.filter(filed_at=None).order_by("id").values_list("child_id", flat=True)
    # Asked for again each time: those who take a shield over wait from then on.
    while (child_id := waiting.exclude(child__in=failed).first()) is not None:
        try:
            households.spread(child_id)
            file_anew(child_id)
            filed += 1
        except Exception:
            logger.exception("shield.not_filed", child=child_id)
            failed.append(child_id)
    return filed


@transaction.atomic
def file_anew(child_id: int) -> None:
    """Seal the child's summary anew and file it, as a shield that is in force at this moment wants, or none.

    The child's row is locked first, as by whoever begins or lifts a shield: none comes or goes meanwhile.
    """
    child = Child.objects.select_for_update().get(pk=child_id)
    if child.severed or child.archived:  # nobody finds it, and nothing files it again
        Shield.objects.filter(child=child, filed_at=None).update(filed_at=timezone.now())
        return
    shielded = Shield.objects.filter(child=child, ended_on=None).exists()
    present = ChildAddress.objects.filter(child=child, present=True).order_by("-id").first()
    child.summary = summarise(
        names=[
            (NameKind(row.kind), row.details.open()) for row in ChildName.objects.filter(child=child).order_by("id")
        ],
        date_of_birth=child.date_of_birth.open(),
        gender=child.gender.open(),
        number=child.number.open(),
        numbers=[row.details.open().value for row in ChildNumber.objects.filter(child=child).order_by("id")],
        address=present.details.open() if present else None,
        shielded=shielded,
    )
    child.save(update_fields=["summary"])
    index.put([(child_id, child.summary.open())])
    make_block(range(child_id, child_id + 1))  # what is compared is bound to the version of the child's row
    Shield.objects.filter(child=child, filed_at=None).update(filed_at=timezone.now())
