"""Whether a system that follows a record has something new to be told, looked at when the record was written to.

The worker looks again each time at what allows it: that an event says so, that the system is good, that its
organisation works with the child. Of a child who is protected nothing is told, whatever comes of it, and the look does
not count: what changed meanwhile is told once the protection has ended, if it can be seen then.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from access.models import Organisation, Standing
from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record
from encryption.errors import KeyMissingError
from registry import statements
from registry.models import (
    Child,
    ChildAddress,
    ChildName,
    ChildNumber,
    Following,
    Guardian,
    Involvement,
    Shield,
    Untold,
)
from registry.policies.disclosure import has_ended
from registry.selectors.marks import mark_of
from registry.shown import ShownChild
from registry.values import Followed
from registry.vocabulary import NameKind

FOLLOWING = "following"
MOST_ENDED = 100  # in one pass
UNSAID = "unsaid"
STANDING = "SELECT standing, client_id, address FROM registry_following_standing(%s, %s, %s, %s)"

logger = structlog.get_logger(__name__)


class Nothing(Enum):
    """Why nothing is to be told."""

    ENDED = auto()  # the following is over
    SILENT = auto()  # nothing new that they could see
    LATER = auto()  # its organisation may not use the service just now


@dataclass(frozen=True, slots=True)
class News:
    """That something is new: to which system, at which address, about what it knows by that reference.

    `mark` is what it has been told once it took it. `changes` and `number` are of this very piece of news.
    """

    following_id: int
    system_id: int
    client_id: str
    address: str
    reference: str
    mark: str
    changes: int


@transaction.atomic
def weigh(following_id: int, changes: int) -> News | Nothing:
    """What is new for a follower. Ends a following that is over, and notes the first look at a record."""
    following = _locked().filter(pk=following_id).first()
    followed = None if following is None else _followed(following)
    if following is None or followed is None:  # ended meanwhile, or with the record
        return Nothing.ENDED
    told = (following.child_id, followed.begun, followed.system_id, followed.organisation_id)
    standing, client_id, address = next(iter(statements.rows(STANDING, *told)), (UNSAID, "", ""))
    if standing == UNSAID:  # no event says so, and so none says that it has ended: it could say anything
        logger.warning("following.unsaid", following=following_id)
        following.delete()
        return Nothing.ENDED
    if following.until < timezone.localdate() or standing not in (Standing.GOOD, Standing.ORGANISATION):
        end(following, followed)
        return Nothing.ENDED
    if standing == Standing.ORGANISATION:
        return Nothing.LATER
    return _look(following, followed, News(following_id, followed.system_id, client_id, address, "", "", changes))


def end(following: Following, followed: Followed) -> None:
    """End it, with its event."""
    organisation = Organisation.objects.get(pk=followed.organisation_id)
    about = About(child_id=following.child_id, fields=["system", str(followed.system_id)])
    actor = Process(FOLLOWING, None, organisation.pk, organisation.authority_id)
    record(EventKind.CHILD_FOLLOWED_NO_MORE, about, actor=actor)
    following.delete()


def end_over(today: date) -> None:
    """End followings whose day has passed, whether anything changed or not."""
    over = Following.objects.filter(until__lt=today).order_by("pk").values_list("pk", flat=True)
    for following_id in over[:MOST_ENDED]:
        try:
            weigh(following_id, 0)
        except Exception:  # one that cannot be ended keeps no other from it, nor anybody from being told
            logger.exception("following.not_ended", following=following_id)


@transaction.atomic
def note_told(news: News) -> None:
    """Keep what the follower knows by now, unless the following has ended meanwhile."""
    following = _locked().filter(pk=news.following_id).first()
    if following is not None:
        _keep(following, following.details.open(), news.mark)
        Untold.objects.filter(pk=news.following_id, changes=news.changes).delete()


def _followed(following: Following) -> Followed | None:
    """What is followed; nothing, and it is gone, where its record is: that it was closed or archived is in the log."""
    with suppress(KeyMissingError):  # with the key the record has gone
        followed: Followed = following.details.open()
        if not (following.child.severed or following.child.archived):
            return followed
    following.delete()
    return None


def _locked() -> QuerySet[Following]:
    """Followings, locked: but not against whoever changes the record, and notes that beside them. The record is read
    after that: what was joined would be as it was before somebody was waited for."""
    return Following.objects.select_for_update(of=("self",), no_key=True)


def _look(following: Following, followed: Followed, news: News) -> News | Nothing:
    """Open the record as the follower's organisation would, if it is not hidden from them."""
    stays = following.child.merged_into or following.child
    under = list(Child.objects.filter(merged_into=stays).order_by("pk"))
    records = [stays.pk, *(each.pk for each in under)]
    if Shield.objects.filter(child__in=records, ended_on=None).exists():
        return Nothing.SILENT
    shown = _shown(stays, under, records)
    today = timezone.localdate()
    works_with = (each.details.open() for each in shown.involvements)
    if not any(one.organisation_id == followed.organisation_id and not has_ended(one, today) for one in works_with):
        end(following, followed)
        return Nothing.ENDED
    organisation = Organisation.objects.get(pk=followed.organisation_id)
    mark = mark_of(shown, organisation, today=today)
    if mark == followed.told:
        return Nothing.SILENT
    if not followed.told and news.changes == 0:
        _keep(following, followed, mark)
        return Nothing.SILENT
    return replace(news, reference=followed.reference, mark=mark)


def _keep(following: Following, followed: Followed, mark: str) -> None:
    following.details = replace(followed, told=mark)
    following.save(update_fields=["details"])


def _shown(stays: Child, under: list[Child], records: list[int]) -> ShownChild:
    """The rows of a child who is not protected, as registry_read.sql tells them of an opened record."""
    of_records = {"child__in": records}
    names = list(ChildName.objects.filter(**of_records))
    for name in names:
        if name.kind == NameKind.LEGAL and name.child_id != stays.pk:
            name.kind = NameKind.KNOWN_AS
    addresses = list(ChildAddress.objects.filter(**of_records))
    for address in addresses:
        address.present = address.present and address.child_id == stays.pk
    involvements = [row for row in Involvement.objects.filter(**of_records) if row.__dict__["withdrawal"] is None]
    return ShownChild(
        child=stays,
        shielded=False,
        by_right="",
        leave_until=None,
        consented_on=None,
        names=tuple(sorted(names, key=lambda row: (row.child_id != stays.pk, row.pk))),
        addresses=tuple(sorted(addresses, key=lambda row: (not row.present, -row.pk))),
        numbers=tuple(ChildNumber.objects.filter(**of_records)),
        guardians=tuple(Guardian.objects.filter(**of_records)),
        involvements=tuple(involvements),
        under=tuple(under),
    )
