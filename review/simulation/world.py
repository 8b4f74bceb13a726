"""The registry as the simulated people find it: children, households, who works with whom; opened once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from access.models import Organisation
from encryption.fields import SealedField
from registry.models import Child, ChildAddress, Guardian, Involvement
from registry.values import Address, GuardianDetails, InvolvementDetails, PostalAddress, Summary
from registry.vocabulary import Service

ROWS_AT_ONCE = 5_000
_SEPTEMBER = 9


@dataclass(frozen=True, slots=True)
class Work:
    """An organisation's involvement with a child; `until` is None while it lasts."""

    child_id: int
    organisation_id: int
    service: Service
    since: date
    until: date | None

    def runs_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(slots=True)
class Known:
    """A child. `names` are all names, the legal one first."""

    id: int
    authority_id: int
    summary: Summary
    home: PostalAddress | None = None
    earlier: list[PostalAddress] = field(default_factory=list)
    guardians: list[GuardianDetails] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    household: int = -1

    @property
    def born(self) -> date:
        return self.summary.date_of_birth

    @property
    def given(self) -> str:
        return self.summary.names[0].given

    @property
    def family(self) -> str:
        return self.summary.names[0].family

    @property
    def year(self) -> int:
        """The school year of birth, by the September in which it began."""
        return self.born.year if self.born.month >= _SEPTEMBER else self.born.year - 1

    def school_on(self, day: date) -> int | None:
        """The organisation that is their school or nursery then."""
        at_school = (work for work in self.works if work.service == Service.SCHOOL and work.runs_on(day))
        return next((work.organisation_id for work in at_school), None)


@dataclass(frozen=True, slots=True)
class Household:
    """Children who live together with guardians of whom one at least is the same."""

    number: int
    home: PostalAddress
    children: tuple[int, ...]
    guardians: tuple[GuardianDetails, ...]

    def at_home(self) -> tuple[GuardianDetails, ...]:
        return tuple(each for each in self.guardians if each.lives_with_child)

    def elsewhere(self) -> tuple[GuardianDetails, ...]:
        return tuple(each for each in self.guardians if not each.lives_with_child)


class World:
    """Children by all that people would look for them by. What is shown as a list is always in the same order."""

    def __init__(self, children: Mapping[int, Known], organisations: Mapping[int, Organisation]) -> None:
        self.children = children
        self.organisations = organisations
        self.ids = tuple(sorted(children))
        self.households = tuple(_households(children))
        self.by_family: dict[str, list[int]] = defaultdict(list)
        self.by_postcode: dict[str, list[int]] = defaultdict(list)
        self.by_birth: dict[date, list[int]] = defaultdict(list)
        self.of_organisation: dict[int, list[Work]] = defaultdict(list)
        self.of_authority: dict[int, list[int]] = defaultdict(list)
        self.homes_of_family: dict[str, list[int]] = defaultdict(list)
        self.never_at_school: dict[int, list[int]] = defaultdict(list)
        for child_id in self.ids:
            self._take(children[child_id])
        for household in self.households:
            for family in dict.fromkeys(each.family for each in household.guardians):
                self.homes_of_family[family].append(household.number)

    def _take(self, child: Known) -> None:
        for family in dict.fromkeys(name.family for name in child.summary.names):
            self.by_family[family].append(child.id)
        self.by_birth[child.born].append(child.id)
        self.of_authority[child.authority_id].append(child.id)
        if child.home and not child.summary.shielded:
            self.by_postcode[child.home.postcode].append(child.id)
        if all(work.service != Service.SCHOOL for work in child.works):
            self.never_at_school[child.authority_id].append(child.id)
        for work in child.works:
            self.of_organisation[work.organisation_id].append(work)

    def household_of(self, child_id: int) -> Household | None:
        number = self.children[child_id].household
        return self.households[number] if number >= 0 else None

    def siblings(self, child_id: int) -> tuple[int, ...]:
        household = self.household_of(child_id)
        return tuple(each for each in household.children if each != child_id) if household else ()

    def in_sector(self, sector: str) -> list[int]:
        """Children whose postcode begins with it, such as "M33 4"; of one street after the other."""
        codes = sorted(code for code in self.by_postcode if code.startswith(sector))
        return [child_id for code in codes for child_id in self.by_postcode[code]]


def load(*, most: int) -> World:
    """The children of whole authorities, those with the lowest ids first, until there are `most`."""
    authorities = _authorities(most)
    children = {}
    where = Child.objects.filter(responsible_authority__in=authorities)
    for child_id, authority_id, summary in _opened(where, Child, "summary", "id", "responsible_authority_id"):
        children[child_id] = Known(child_id, authority_id, summary)
    for model in (ChildAddress, Guardian, Involvement):
        rows = model.objects.filter(child__responsible_authority__in=authorities)
        for child_id, details in _opened(rows, model, "details", "child_id"):
            _add(children[child_id], details)
    return World(children, {each.pk: each for each in Organisation.objects.order_by("pk")})


def _authorities(most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT responsible_authority_id, count(*) FROM registry_child GROUP BY 1 ORDER BY 1",
        )
        counts = cursor.fetchall()
    taken: list[int] = []
    there = 0
    for authority_id, count in counts:
        if there < most:
            taken.append(authority_id)
            there += count
    return taken


def _opened(rows: Any, model: Any, name: str, *clear: str) -> Iterator[tuple[Any, ...]]:
    """The named clear columns of the rows, and after them that one sealed value, open."""
    field_of = model._meta.get_field(name)
    assert isinstance(field_of, SealedField)  # noqa: S101 - for the type checker
    told = rows.order_by("pk").values_list("pk", "row_version", name, *clear)
    for pk, version, stored, *others in told.iterator(ROWS_AT_ONCE):
        yield (*others, field_of.open_stored(stored, row=pk, version=version))


def _add(child: Known, details: Address | GuardianDetails | InvolvementDetails) -> None:
    if isinstance(details, Address):
        if details.postal and details.valid_to is None:
            child.home = details.postal
        elif details.postal:
            child.earlier.append(details.postal)
    elif isinstance(details, GuardianDetails):
        child.guardians.append(details)
    else:
        work = Work(child.id, details.organisation_id, details.service, details.started_on, details.ended_on)
        child.works.append(work)


def _households(children: Mapping[int, Known]) -> Iterator[Household]:
    """Who lives at the same address with a guardian of the same name and number, in the order of the eldest's id."""
    together: dict[tuple[PostalAddress, str, str], list[Known]] = defaultdict(list)
    for child_id in sorted(children):
        child = children[child_id]
        if child.home and child.guardians:
            first = min(child.guardians, key=lambda each: (not each.lives_with_child, each.given, each.family))
            together[child.home, f"{first.given} {first.family}", first.telephone or ""].append(child)
    for number, ((home, _, _), members) in enumerate(together.items()):
        guardians = dict.fromkeys(each for child in members for each in child.guardians)
        for child in members:
            child.household = number
        yield Household(number, home, tuple(child.id for child in members), tuple(_distinct(guardians)))


def _distinct(guardians: Mapping[GuardianDetails, None]) -> Iterator[GuardianDetails]:
    """Each once, though they may be father of one and step-parent of another."""
    seen: set[tuple[str, str]] = set()
    for each in guardians:
        if (each.given, each.family) not in seen:
            seen.add((each.given, each.family))
            yield each
