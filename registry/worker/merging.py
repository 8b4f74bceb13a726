"""Two records put under one, and parted again, once a second person has approved: by the worker (docs/adr/0048).

No row moves. The record that goes under says which one it lies under (`Child.merged_into`), and with that nobody finds,
reads or changes it by itself any more: PostgreSQL takes it out of search. The one that stays is filed anew, under the
names and numbers of both. Parted, each is filed as it was.
"""

from collections.abc import Callable

import structlog
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record
from registry.models import Child, MergeRequest, Shield
from registry.models.identity import APPROVED
from registry.protection import households
from registry.worker.refiling import file_again, file_anew
from registry.worker.resealing import seal_for_term

MERGING = "merging"

Told = Callable[..., None]
_when_parted: list[Told] = []

logger = structlog.get_logger(__name__)


def when_parted(tell: Told) -> None:
    """Have `tell(children, since=, actor=)` called in the transaction that parts two records, for a layer above that
    wrote on the one what is said of the other, too, since they were put together."""
    _when_parted.append(tell)


def do_approved() -> int:
    """Put together and part what was approved. Returns how many there were.

    Each in a transaction of its own: one that fails keeps no other from it, and is taken up again the next time.
    """
    done = 0
    for request_id in list(_approved().order_by("id").values_list("pk", flat=True)):
        try:
            done += do(request_id)
        except Exception:
            logger.exception("merge.not_done", request=request_id)
    return done


@transaction.atomic
def do(request_id: int) -> bool:
    """Do it. Returns whether it was still to be done: where a record was archived meanwhile, the request is gone.

    PostgreSQL asks once more whether two people said so.
    """
    households.lock()
    # Locked first and in order, as by whoever files either, or takes a step with its shield.
    two = _approved().filter(pk=request_id).values_list("child", "into")
    records = Child.objects.select_for_update().filter(pk__in=[each for both in two for each in both]).order_by("pk")
    by_id = {each.pk: each for each in records}
    request = _approved().filter(pk=request_id).first()
    if request is None:
        return False
    under, stays = by_id[request.child_id], by_id[request.into_id]
    if request.parts:
        _part(request, under, stays)
    else:
        _put_under(request, under, stays)
    return True


def locked_with(ids: list[int]) -> list[Child]:
    """These records and all that lie together with them, locked in order until the transaction ends."""
    under = Child.objects.filter(merged_into__in=ids).values_list("pk", flat=True)
    over = Child.objects.filter(pk__in=ids, merged_into__isnull=False).values_list("merged_into", flat=True)
    children = Child.objects.select_for_update().filter(pk__in=[*ids, *under, *over]).order_by("pk")
    return list(children.prefetch_related("keeping_set", "childaddress_set"))


def end_for(ids: list[int]) -> tuple[set[int], set[int]]:
    """End what puts these records together with others, before they are archived. Call it with all of them locked.

    Returns those that lay under them, which are archived with them, and those under which they lay, to be filed anew.
    """
    below, left = set(), set()
    found = _together().filter(Q(into__in=ids) | Q(child__in=ids)).select_related("child", "into")
    for merged in found.order_by("pk"):
        _note(EventKind.CHILD_PARTED, merged, merged.into)
        _end(merged, told_apart=False)
        below.add(merged.child_id)
        left.add(merged.into_id)
    return below - set(ids), left - set(ids)


def _put_under(request: MergeRequest, under: Child, stays: Child) -> None:
    _note(EventKind.CHILD_MERGED, request, stays)
    shield = _shield(stays)
    # The shield hides the child, whichever record it was asked for. Asking wants it the other way round; but one may
    # have been asked for since.
    if shield is None and _shield(under):
        _take_over(stays)
    Child.objects.filter(pk=under.pk).update(merged_into=stays)
    request.shield_before = shield.pk if shield else None
    request.done_at = timezone.now()
    request.save(update_fields=["shield_before", "done_at"])
    if _shield(stays):
        households.cover(stays.pk)
    file_anew(stays.pk)


def _part(request: MergeRequest, under: Child, stays: Child) -> None:
    merged = _together().select_related("child", "into").get(child=under, into=stays)
    _note(EventKind.CHILD_PARTED, request, stays)
    Child.objects.filter(pk=under.pk).update(merged_into=None)
    request.done_at = timezone.now()
    request.save(update_fields=["done_at"])
    _end(merged, told_apart=True)
    seal_for_term(under.pk)  # a consent of the other's and where that one says that the child lives count no more
    file_again(under.pk)
    file_anew(stays.pk)
    for tell in _when_parted:
        tell((stays.pk, under.pk), since=merged.done_at, actor=_actor(stays))


def _end(merged: MergeRequest, *, told_apart: bool) -> None:
    """They lie together no more, and no shield that both had is lost to the one that lay below.

    One that came while they lay together was asked for the child of both: nobody knows of which record it was meant.
    One from before stays the other's alone where people have told two children apart, and nowhere else.
    """
    MergeRequest.objects.filter(pk=merged.pk).update(until=timezone.now())
    shield = _shield(merged.into)
    if shield is None or _shield(merged.child) is not None:
        return
    if not told_apart or shield.pk != merged.shield_before:
        _take_over(merged.child)


def _approved() -> models.QuerySet[MergeRequest]:
    return MergeRequest.objects.filter(outcome=APPROVED, done_at=None)


def _together() -> models.QuerySet[MergeRequest]:
    return MergeRequest.objects.filter(parts=False, done_at__isnull=False, until=None)


def _shield(child: Child) -> Shield | None:
    return Shield.objects.filter(child=child, ended_on=None).first()


def _take_over(child: Child) -> None:
    households.spread_shield(child).save()
    households.record_spread([child])


def _note(kind: EventKind, request: MergeRequest, stays: Child) -> None:
    about = About(child_id=stays.pk, fields=[f"merge.{request.pk}", f"under.{request.child_id}"])
    record(kind, about, actor=_actor(stays))


def _actor(stays: Child) -> Process:
    authority = stays.responsible_authority_id
    return Process(MERGING, None, authority, authority)
