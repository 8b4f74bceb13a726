"""An event as the examiner reads it, and what of it is an access of a child."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from access.models import Role
from audit.events import EventKind, Outcome

LONDON = ZoneInfo("Europe/London")
# What discloses a record: each has to be explained.
EXPLAINED_KINDS = frozenset({EventKind.CHILD_OPENED.value, EventKind.INVOLVEMENT_READ.value})
# What discloses less of a child, or what others did with a record: only whether the child is near to them is asked.
LISTED, LOG_READ = EventKind.CHILD_LISTED.value, EventKind.LOG_READ.value
# What an auditor's start page counts: whoever opens it reads of nobody.
WAITING = "waiting"
RELATED_KINDS = frozenset({EventKind.CHILD_SHOWN.value, LISTED, LOG_READ})


class Happening(NamedTuple):
    """One event, without what was asked: that is sealed, and the examiner cannot read it."""

    event_id: int
    at: datetime
    kind: str
    outcome: str
    actor_id: int | None
    role: str
    organisation_id: int | None
    authority_id: int | None
    session_id: int | None
    child_id: int | None
    user_id: int | None
    reason: str
    shown: list[int]
    fields: list[str]
    trail: UUID | None


class Access(msgspec.Struct, frozen=True, gc=False):
    """Somebody saw something of a child. `organisation_id` is that by whose rights they did.

    In a call that is the colleague's, who is `person_id`; the mediator is `actor_id`. Otherwise both are the same.
    """

    event_id: int
    at: datetime
    day: date
    hour: int
    kind: str
    actor_id: int
    person_id: int
    role: str
    organisation_id: int
    authority_id: int | None
    child_id: int
    reason: str
    session_id: int | None

    @property
    def people(self) -> frozenset[int]:
        """Whom what is found of it is about: in a call the mediator as well, since they alone know whether one rang."""
        return frozenset((self.person_id, self.actor_id))

    def as_of(self, user_id: int) -> "Access":
        """The same, as something that this one of them did."""
        return self if user_id == self.person_id else msgspec.structs.replace(self, person_id=user_id)

    @property
    def is_mediated(self) -> bool:
        """Whether a colleague rang for it."""
        return self.actor_id != self.person_id

    @property
    def is_to_be_explained(self) -> bool:
        """Whether it disclosed a record, and needs a reason of its own."""
        return self.kind in EXPLAINED_KINDS

    @property
    def is_of_the_log(self) -> bool:
        """Whether it was read what others did with a record: that one's organisation knows the child is no reason."""
        return self.kind == LOG_READ


def here(at: datetime) -> datetime:
    """The time by the clocks on the wall."""
    return at.astimezone(LONDON)


def person_of(happening: Happening) -> int | None:
    """In whose name it happened: a mediator acts in that of the colleague who rang."""
    if happening.role == Role.MEDIATOR and happening.user_id is not None:
        return happening.user_id
    return happening.actor_id


def access_of(happening: Happening, organisation_id: int | None) -> Access | None:
    """The access that the event tells of; None where it tells of none. `organisation_id` is that of the person."""
    kind = happening.kind
    if kind not in EXPLAINED_KINDS and kind not in RELATED_KINDS:
        return None
    person_id, child_id = person_of(happening), happening.child_id
    if kind == LISTED and happening.shown:
        # Whom a search meant stands first; the others came along.
        child_id = happening.shown[0]
    where = organisation_id or happening.organisation_id
    if happening.actor_id is None or person_id is None or child_id is None or where is None:
        return None
    # Of a list that should have been narrowed down some were shown as well.
    if happening.outcome != Outcome.DONE and kind != LISTED:
        return None
    local = here(happening.at)
    return Access(
        event_id=happening.event_id,
        at=happening.at,
        day=local.date(),
        hour=local.hour,
        kind=kind,
        actor_id=happening.actor_id,
        person_id=person_id,
        role=happening.role,
        organisation_id=where,
        authority_id=happening.authority_id,
        child_id=child_id,
        reason=happening.reason,
        session_id=happening.session_id,
    )
