"""Where a child is, or was, as a record says it once its sources have spoken: schools and practices.

Pure. A source changes what it said itself and nothing else: what people recorded, or another source says, stands as
they say it and is not said twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from access.models import Organisation
from feeds.rows import RowAttendance, Statement
from feeds.rules.precedence import Field, may_say
from registry.values import InvolvementDetails, Provenance
from registry.vocabulary import EDUCATION_SERVICES, Service, Source


class Standing(NamedTuple):
    """An involvement on a record: whether it leads, and what it is."""

    leads: bool
    details: InvolvementDetails


CONTACTS = {Service.GP: "Practice reception"}
SCHOOL_CONTACT = "School office"


class _Told(NamedTuple):
    """What a row says of a place, as a record that knew no more would. `is_dated` where it says since when."""

    details: InvolvementDetails
    is_dated: bool


def attending(
    stored: Iterable[tuple[bool, InvolvementDetails]],
    statements: Sequence[Statement],
    retracted: Sequence[Statement],
    places: Mapping[str, Organisation],
) -> tuple[Standing, ...]:
    """What stands there, with what each source says of its own.

    Where a source says no more of a place, the child left it; what it took back altogether was never so.
    """
    found = [Standing(*each) for each in stored]
    spoke = list[_Source]()
    for source in sorted({each.source for each in (*statements, *retracted)}):
        told, before = ([each for each in some if each.source == source] for some in (statements, retracted))
        spoke.append(_Source(source, told, before, places))
    for each in spoke:
        found = each.say_of_own(found)
    for each in spoke:  # once it is known what others say no more
        found = each.say_further(found)
    return tuple(found)


def told_of(statements: Iterable[Statement], places: Mapping[str, Organisation]) -> set[tuple[Source, int]]:
    """Each place of which a source speaks."""
    return {(each.source, told.details.organisation_id) for each in statements for told in _told(each, places)}


class _Source:
    """One source, with what its suppliers say of the child."""

    def __init__(
        self,
        source: Source,
        statements: Sequence[Statement],
        retracted: Sequence[Statement],
        places: Mapping[str, Organisation],
    ) -> None:
        self._source = source
        self._told = [each for one in statements for each in _told(one, places)]
        self._taken_back = {_place(each.details) for one in retracted for each in _told(one, places)}
        self._last_day = max((each.provenance.confirmed_on for each in statements), default=None)

    def say_of_own(self, found: Sequence[Standing]) -> list[Standing]:
        """What stands there, with what this source says by now of what it said before."""
        own = {at: one.details for at, one in enumerate(found) if one.details.provenance.source == self._source}
        paired = self._paired(own)
        now: dict[int, Standing | None] = {at: self._now(found[at], paired.get(at)) for at in own}
        return [each for at, one in enumerate(found) if (each := now.get(at, one)) is not None]

    def say_further(self, found: Sequence[Standing]) -> list[Standing]:
        """What stands there, and after it what this source alone says."""
        standing = list(found)
        for told in self._told:
            if not any(self._stands(told, each.details) for each in standing):
                standing.append(Standing(leads=False, details=told.details))
        return standing

    def _paired(self, own: Mapping[int, InvolvementDetails]) -> dict[int, _Told]:
        """What is said of each of those that stand there: first of those that say just that, or began that day."""
        found: dict[int, _Told] = {}
        for is_of in (_says_it, _began_with, _is_of):
            for at, details in own.items():
                left = (each for each in self._told if each not in found.values() and is_of(each, details))
                if at not in found and (told := next(left, None)) is not None:
                    found[at] = told
        return found

    def _now(self, one: Standing, told: _Told | None) -> Standing | None:
        details = one.details
        if told is not None:
            said = told.details
            started = said.started_on if told.is_dated else details.started_on
            # Who the contact is, whoever works there knows better.
            now = replace(details, ended_on=said.ended_on, started_on=started, provenance=said.provenance)
            return Standing(one.leads and said.ended_on is None, now)
        if self._last_day is None:
            return None if _place(details) in self._taken_back else one
        if details.ended_on is None and _may_say(self._source, details.service):
            return Standing(leads=False, details=replace(details, ended_on=max(details.started_on, self._last_day)))
        return one

    def _stands(self, told: _Told, details: InvolvementDetails) -> bool:
        """Whether that is said already. By others: it is so now, or they have said since that it ended."""
        if details.provenance.source == self._source:
            return _is_of(told, details)
        if _place(told.details) != _place(details):
            return False
        return details.ended_on is None or details.provenance.confirmed_on >= told.details.provenance.confirmed_on


def _told(statement: Statement, places: Mapping[str, Organisation]) -> Iterable[_Told]:
    """What the source of a statement may say of its own, of places that are known."""
    for each in statement.row.attendances:
        if each.directory_code in places and _may_say(statement.source, each.service):
            details = _involvement(places[each.directory_code], each, statement.provenance)
            yield _Told(details, each.started_on is not None)


def _says_it(told: _Told, details: InvolvementDetails) -> bool:
    ends = told.details.ended_on == details.ended_on
    return ends and _place(told.details) == _place(details) and told.details.started_on == details.started_on


def _began_with(told: _Told, details: InvolvementDetails) -> bool:
    same = _place(told.details) == _place(details)
    return same and told.is_dated and told.details.started_on == details.started_on


def _is_of(told: _Told, details: InvolvementDetails) -> bool:
    """Whether both are of one time there: not where the child came back after they had left."""
    if _place(told.details) != _place(details):
        return False
    if details.ended_on is None:
        return told.details.ended_on is None or told.details.ended_on >= details.started_on
    return told.details.ended_on == details.ended_on or _began_with(told, details)


def _place(details: InvolvementDetails) -> tuple[int, Service]:
    return details.organisation_id, details.service


def _may_say(source: Source, service: Service) -> bool:
    if service == Service.GP:
        return may_say(source, Field.GP)
    return service in EDUCATION_SERVICES and may_say(source, Field.EDUCATION)


def _involvement(place: Organisation, said: RowAttendance, provenance: Provenance) -> InvolvementDetails:
    known_on = min(provenance.confirmed_on, said.ended_on or provenance.confirmed_on)
    return InvolvementDetails(
        organisation_id=place.pk,
        service=said.service,
        practitioner=CONTACTS.get(said.service, SCHOOL_CONTACT),
        telephone=place.telephone,
        started_on=said.started_on or known_on,
        ended_on=said.ended_on,
        basis=None,
        provenance=provenance,
    )
