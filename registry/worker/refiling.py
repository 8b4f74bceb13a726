"""Children filed anew for search when a shield comes or goes. By the worker, which alone seals a summary and files it.

The transaction that began the shield took the child out of search (registry_shield_begun.sql), and search shows none
of it until it is filed here, under what is visible. When a shield was lifted, it is found by no more than before until
then.
"""

import structlog
from django.db import transaction
from django.utils import timezone

from registry.models import Child, ChildAddress, ChildName, ChildNumber, Shield
from registry.policies.disclosure import summary_shown
from registry.protection import households
from registry.rules.names import Named, further, unlike
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
    """Seal the child's summary anew and file it, as a shield that is in force at this moment wants, or none. Under the
    names and numbers of records that lie under it, too, so that they lead to it: its own present name stands first.

    The child's row is locked first, as by whoever begins or lifts a shield: none comes or goes meanwhile.
    """
    child = Child.objects.select_for_update().get(pk=child_id)
    if child.severed or child.archived or child.merged_into_id:  # nobody finds it by itself, and nothing files it again
        Shield.objects.filter(child=child, filed_at=None).update(filed_at=timezone.now())
        return
    under = list(Child.objects.filter(merged_into=child).order_by("id"))
    names, numbers = _names(child), _numbers(child)
    for each in under:
        names += further(_names(each))
        numbers += [each.number.open(), *_numbers(each)]
    present = ChildAddress.objects.filter(child=child, present=True).order_by("-id").first()
    child.summary = summarise(
        names=unlike(names),
        date_of_birth=child.date_of_birth.open(),
        gender=child.gender.open(),
        number=child.number.open(),
        numbers=numbers,
        address=present.details.open() if present else None,
        shielded=Shield.objects.filter(child__in=[child, *under], ended_on=None).exists(),
    )
    child.save(update_fields=["summary"])
    _file(child)


@transaction.atomic
def file_again(child_id: int) -> None:
    """File a child that lies under no other any more as it was: nothing of its row is sealed anew.

    But where a shield came since, or was not filed yet when it was put there.
    """
    child = Child.objects.select_for_update().get(pk=child_id)
    if child.summary.open().shielded == Shield.objects.filter(child=child, ended_on=None).exists():
        _file(child)
    else:
        file_anew(child_id)


def _file(child: Child) -> None:
    index.put([(child.pk, summary_shown(child.summary.open()))])
    make_block(range(child.pk, child.pk + 1))  # what is compared is bound to the version of the child's row
    Shield.objects.filter(child=child, filed_at=None).update(filed_at=timezone.now())


def _names(child: Child) -> list[Named]:
    rows = ChildName.objects.filter(child=child).order_by("id")
    return [(NameKind(row.kind), row.details.open()) for row in rows]


def _numbers(child: Child) -> list[str]:
    return [row.details.open().value for row in ChildNumber.objects.filter(child=child).order_by("id")]
