"""A record closed, and another begun: by the worker, at two moments of which neither tells of the other.

    sever   once a second person has approved: the record is closed (`identity.severed`), what was wanted leaves the
            request and waits by itself, and which two are one child's is written down for two people (escrow.py)
    make    some days later, at a moment that is drawn: the new record (`child.added`, as of any other child)

When a record will be made stands nowhere: each hour it is drawn anew whether it is now. So neither the rows that wait,
nor a copy of the database from those days, tell which record will come of which. Its id was taken weeks before, among
those of other children: whoever opens the newest records one after the other does not come upon it.
"""

import secrets
from datetime import date, datetime, time, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record
from encryption.models import next_ids
from registry.actions.children import ADDING, Draft, add_children, free_numbers
from registry.models import Child, IdentityRequest, NewIdentity, Shield, SpareId
from registry.models.identity import APPROVED
from registry.protection import escrow
from registry.protection.new_identity import Promised, open_promised, open_wanted, seal_promised
from registry.values import Address, Name, Provenance
from registry.vocabulary import AddressState, NameKind, Source

SEVERING = "severing"
# Not before the day after, and within eight days: each hour between is as likely as any other.
EARLIEST, LATEST = timedelta(days=1), timedelta(days=8)
DRAWN_EACH = timedelta(hours=1)
# Ids kept for new records: one is taken each hour, and one of them goes once there are so many.
SPARE_IDS = 500
# What the shield of the new record says of itself is drawn too, so that it does not date the record.
SHIELDED_WITHIN, REVIEWED_WITHIN = 700, 182  # days

logger = structlog.get_logger(__name__)


def sever_approved() -> int:
    """Close each record whose child was given another identity. Returns how many there were.

    Each in a transaction of its own: one that cannot be closed keeps no other from it, stays hidden, and is taken up
    again the next time.
    """
    waiting = list(
        IdentityRequest.objects.filter(outcome=APPROVED, severed_at=None).order_by("id").values_list("pk", flat=True)
    )
    severed = 0
    for request_id in waiting:
        try:
            severed += sever(request_id)
        except Exception:
            logger.exception("identity.not_severed", request=request_id)
    return severed


@transaction.atomic
def sever(request_id: int) -> bool:
    """Close the record. Returns whether it was still to be closed. PostgreSQL takes it out of search with it."""
    request = IdentityRequest.objects.get(pk=request_id)
    # Locked first, as by whoever files it or takes a step with its shield.
    child = Child.objects.select_for_update().get(pk=request.child_id)
    request.refresh_from_db()
    if request.severed_at is not None or request.wanted is None:
        return False
    (number,) = free_numbers(1)
    promised = Promised(open_wanted(bytes(request.wanted), child_id=child.pk), number)
    escrow.keep(child, number)
    (row,) = next_ids(NewIdentity, 1)
    NewIdentity.objects.create(pk=row, severed_on=timezone.localdate(), wanted=seal_promised(promised, row=row))
    request.wanted, request.severed_at = None, timezone.now()
    request.save(update_fields=["wanted", "severed_at"])
    Child.objects.filter(pk=child.pk).update(severed=True)
    authority = child.responsible_authority_id
    record(
        EventKind.IDENTITY_SEVERED,
        About(child_id=child.pk, fields=[f"identity.{request_id}"]),
        actor=Process(SEVERING, None, authority, authority),
    )
    return True


def make_drawn(now: datetime | None = None) -> int:
    """Make each new record for which this hour is drawn. Call it each hour. Returns how many there were."""
    now = now or timezone.now()
    made = 0
    for row, severed_on in NewIdentity.objects.order_by("id").values_list("pk", "severed_on"):
        try:
            if is_drawn(severed_on, now) and make(row):
                made += 1
        except Exception:
            logger.exception("identity.not_made", row=row)
    keep_spare_ids()
    return made


def is_drawn(severed_on: date, now: datetime) -> bool:
    """Whether it is now: each hour of those that are left has the same chance, and the last one is certain."""
    begin = timezone.make_aware(datetime.combine(severed_on, time.min)) + EARLIEST
    left = -((now - begin - (LATEST - EARLIEST)) // DRAWN_EACH)
    return now >= begin and (left <= 1 or secrets.randbelow(left) == 0)


@transaction.atomic
def make(row: int) -> bool:
    """Make the record. Returns whether it was still to be made."""
    waiting = NewIdentity.objects.filter(pk=row)
    stored = waiting.values_list("wanted", flat=True).first()
    if stored is None or not waiting.delete()[0]:
        return False
    (child_id,) = add_children(actor=Process(ADDING), drafts=[_draft(open_promised(bytes(stored), row=row))])
    Shield.objects.filter(child_id=child_id).update(
        review_on=timezone.localdate() + timedelta(days=1 + secrets.randbelow(REVIEWED_WITHIN))
    )
    return True


@transaction.atomic
def keep_spare_ids() -> None:
    """Take one id more, and let one of them go where there are enough: in the end they are of the last few weeks."""
    SpareId.objects.create(spare=next_ids(Child, 1)[0])
    if SpareId.objects.count() > SPARE_IDS:
        _take_spare_id()


def _take_spare_id() -> int | None:
    """One of them at random; None where there is none, and then the record's id is a new one."""
    kept = list(SpareId.objects.values_list("spare", flat=True))
    taken = secrets.choice(kept) if kept else None
    return taken if taken is not None and SpareId.objects.filter(spare=taken).delete()[0] else None


def _draft(promised: Promised) -> Draft:
    """The name alone and where the child lives: no other name, number, guardian or service, which would lead back."""
    wanted, today = promised.wanted, timezone.localdate()
    said = Provenance(Source.LOCAL_AUTHORITY, today)
    state = AddressState.CURRENT if wanted.postal else AddressState.NONE_KNOWN
    return Draft(
        authority_id=wanted.authority_id,
        date_of_birth=wanted.date_of_birth,
        gender=wanted.gender,
        names=[(NameKind.LEGAL, Name(wanted.given, wanted.family, None, None, said))],
        addresses=[Address(state, wanted.postal, None, None, said)],
        shielded_since=max(wanted.date_of_birth, today - timedelta(days=secrets.randbelow(SHIELDED_WITHIN))),
        number=promised.number,
        child_id=_take_spare_id(),
    )
