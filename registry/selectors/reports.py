"""What is reported as wrong, as a committed event allows (inside `Ticket.shown`); one's own; and how many wait."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import TextChoices

from access.models import Organisation, User
from audit.reported import ReportedPart
from registry import statements
from registry.models import Report
from registry.values import Provenance

LISTED = """
    SELECT id, row_version, child_id, part, made_at, sources, people, told_at, told_by_id, steps, hidden
    FROM registry_reports()
"""
MOST_LISTED = 200  # by that function
PEOPLE = "SELECT reported_at, organisation_id, id, row_version, name, telephone FROM registry_report_people()"


class HowFar(TextChoices):
    """How far a report is, to whoever made it."""

    WAITING = "waiting", "Waiting for the council that answers for the record"
    SOURCE_TOLD = "source_told", "The council told the source, which is to send it right"
    CHANGED_SINCE = "changed_since", "A source has sent something else since. See whether the record is right now"
    PUT_RIGHT = "put_right", "It was put right"
    RIGHT = "right_as_it_is", "The council says that it is right as it is"
    NOT_FOUND_OUT = "not_found_out", "The council could not find it out"
    ONE_RECORD = "put_under_one", "The two records were put under one, which shows what both say"
    PROTECTED = "protected", "The child’s details are protected now, so that nothing more is said here"

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        return self in (HowFar.WAITING, HowFar.SOURCE_TOLD)


@dataclass(frozen=True, slots=True)
class OwnReport:
    """What somebody reported, and how far it is. `others` had reported it before them."""

    id: int
    child_id: int
    part: ReportedPart
    reported_at: datetime
    others: int
    how_far: HowFar
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reported:
    """What is reported of a record and open, to whoever answers for it.

    `sources` is None until the worker has looked, and where a shield hides what it is about (`hidden`).
    """

    id: int
    child_id: int
    part: ReportedPart
    made_at: datetime
    sources: tuple[Provenance, ...] | None
    people: int
    told_at: datetime | None
    told_by_id: int | None
    steps: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class Informant:
    """Who reported it, to be rung: on their own number, or else on that of where they work.

    All but the time is None where they work for a sensitive service.
    """

    reported_at: datetime
    organisation: Organisation | None
    name: str | None = field(repr=False)
    telephone: str | None = field(repr=False)


def own_reports(*, child_id: int | None = None) -> list[OwnReport]:
    """Those of the person whose session is shown, of one child or of all, the newest first (registry_reports_own.sql).

    No event: it tells what they reported themselves, by number, and nothing of a child.
    """
    told = "SELECT id, child_id, part, reported_at, others, state, closed_at FROM registry_reports_own(%s)"
    return [
        OwnReport(number, child, ReportedPart(part), at, others, HowFar(state), closed)
        for number, child, part, at, others, state, closed in statements.rows(told, child_id)
    ]


def own_reports_of(child_id: int) -> list[OwnReport]:
    """One's own about that child: of each part the newest."""
    newest: dict[ReportedPart, OwnReport] = {}
    for each in own_reports(child_id=child_id):
        newest.setdefault(each.part, each)
    return list(newest.values())


def reports() -> list[Reported]:
    """Those that the ticket allows: first what nobody took up, the oldest first (registry_reports.sql)."""
    (sealed,) = Report.sealed_fields()
    return [
        Reported(
            id=number,
            child_id=child_id,
            part=ReportedPart(part),
            made_at=made_at,
            sources=None if stored is None else sealed.open_stored(bytes(stored), row=number, version=version),
            people=people,
            told_at=told_at,
            told_by_id=told_by_id,
            steps=steps,
            hidden=hidden,
        )
        for number, version, child_id, part, made_at, stored, people, told_at, told_by_id, steps, hidden in (
            statements.rows(LISTED)
        )
    ]


def informants() -> list[Informant]:
    """Who reported the one that the ticket's event names (registry_report_people.sql), in the order of reporting."""
    rows = statements.rows(PEOPLE)
    places = Organisation.objects.in_bulk([place for _at, place, *_person in rows if place is not None])
    return [
        Informant(at, places[place], *_opened(person, version, name, telephone))
        if place is not None
        else Informant(at, None, None, None)
        for at, place, person, version, name, telephone in rows
    ]


def waiting() -> int:
    """How many wait for the person whose session is shown. A number names nobody: counting is no event."""
    return int(statements.value("SELECT registry_reports_waiting()"))


def _opened(person: int, version: int, name: bytes, telephone: bytes | None) -> tuple[str, str | None]:
    fields = {each.attname: each for each in User.sealed_fields()}
    opened: str = fields["name"].open_stored(bytes(name), row=person, version=version)
    if telephone is None:
        return opened, None
    return opened, fields["telephone"].open_stored(bytes(telephone), row=person, version=version)
