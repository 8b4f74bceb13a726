"""Which auditors are near to whom: those neither see nor work what is about them.

Compared are fingerprints and numbers; nobody else could, since these are sealed to everybody but the examiner. What is
kept are codes (`Conflict`), and how everybody stood when they were compared (`Compared`): whoever stands otherwise by
now is compared again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection, transaction

from access.models import OrganisationKind, Role
from access.people import traits as of_people
from access.people.traits import PersonTraits
from review.examining import cursor
from review.examining.known import NO_TRAITS
from review.examining.memory import Opening
from review.examining.rows import rows
from review.models import Nearness
from review.rules.weights import weights

# How each stands, beside how they stood. Everybody has a case, or an access that was drawn, or is an auditor.
STANDING = """
    SELECT person.id, person.role = %(auditor)s, person.organisation_id, coalesce(traits.row_version, 0),
        coalesce(traits.homes_told, 0), traits.traits
    FROM access_user AS person
    LEFT JOIN access_usertraits AS traits ON traits.user_id = person.id
    LEFT JOIN review_compared AS compared ON compared.user_id = person.id
"""
CHANGED = (
    STANDING
    + """
    WHERE (person.role = %(auditor)s OR compared.user_id IS NOT NULL OR person.id = ANY (%(others)s))
        AND (compared.is_auditor, compared.organisation_id, compared.row_version, compared.homes_told) IS DISTINCT FROM
            (person.role = %(auditor)s, person.organisation_id, coalesce(traits.row_version, 0),
                coalesce(traits.homes_told, 0))
"""
)
AUDITORS = STANDING + "WHERE person.role = %(auditor)s"
EVERYBODY = STANDING + "WHERE person.role = %(auditor)s OR compared.user_id IS NOT NULL"
# Of a case that grows, of a child's case, and whose access was drawn, or who made it in a colleague's name.
NEW = """
    SELECT person_id FROM (
        SELECT person_id FROM review_case WHERE growing AND person_id IS NOT NULL
        UNION
        SELECT finding.person_id FROM review_case AS one JOIN review_finding AS finding ON finding.case_id = one.id
            WHERE one.growing AND one.person_id IS NULL
        UNION
        SELECT unnest(ARRAY[access.person_id, access.actor_id]) FROM review_sampled AS sampled
            JOIN review_explanation AS access ON access.event_id = sampled.event_id
            WHERE sampled.event_id = ANY (%s)
    ) AS about
    WHERE NOT EXISTS (SELECT FROM review_compared WHERE user_id = person_id)
"""
# Where they work, and where they did when they used the service. Not the council: whoever audits an authority works for
# it, as thousands do, and of these nobody else could see a record.
EMPLOYERS = """
    SELECT person.id, place.id FROM access_user AS person JOIN access_organisation AS place
        ON place.id = person.organisation_id
    WHERE person.id = ANY (%(people)s) AND place.kind <> %(council)s
    UNION
    SELECT DISTINCT day.user_id, place.id FROM review_tally AS day JOIN access_organisation AS place
        ON place.id = day.organisation_id
    WHERE day.user_id = ANY (%(people)s) AND place.kind <> %(council)s
"""
FORGET = "DELETE FROM review_conflict WHERE auditor_id = ANY (%s) OR person_id = ANY (%s)"
SAY = """
    INSERT INTO review_conflict (auditor_id, person_id, codes)
    SELECT auditor_id, person_id, string_to_array(codes, ',')
    FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS each (auditor_id, person_id, codes)
"""
NOTE = """
    INSERT INTO review_compared (user_id, is_auditor, organisation_id, row_version, homes_told, has_traits)
    SELECT * FROM unnest(%s::bigint[], %s::boolean[], %s::bigint[], %s::int[], %s::int[], %s::boolean[])
    ON CONFLICT (user_id) DO UPDATE SET is_auditor = excluded.is_auditor, organisation_id = excluded.organisation_id,
        row_version = excluded.row_version, homes_told = excluded.homes_told, has_traits = excluded.has_traits
"""


class Standing(NamedTuple):
    """A user as they stand, and what of them can be compared."""

    user_id: int
    is_auditor: bool
    organisation_id: int
    row_version: int
    homes_told: int
    has_traits: bool
    traits: PersonTraits


@dataclass(slots=True)
class _Known:
    """Auditors by what they could have in common with somebody."""

    by: Mapping[Nearness, dict[int, set[int]]] = field(
        default_factory=lambda: {code: defaultdict(set) for code in Nearness}
    )

    def add(self, auditor: Standing, employers: Collection[int]) -> None:
        for code, marks in _marks(auditor.traits, employers):
            for mark in marks:
                self.by[code][mark].add(auditor.user_id)

    def near_to(self, person: Standing, employers: Collection[int]) -> dict[int, list[Nearness]]:
        """The auditors who are near to them, each with why."""
        found: dict[int, list[Nearness]] = {}
        for code, marks in _marks(person.traits, employers):
            near: set[int] = set()
            near.update(*(self.by[code].get(mark, ()) for mark in marks))
            for auditor_id in near - {person.user_id}:
                found.setdefault(auditor_id, []).append(code)
        return found


class Comparing:
    """Compares who is new, or stands otherwise than before. It remembers which rows it opened."""

    def __init__(self) -> None:
        self._people: Opening[PersonTraits] = Opening(of_people.KEPT, lambda: NO_TRAITS)

    def compare_new(self, events: list[int]) -> None:
        """Compare those who never were and have a case by now, or made one of these accesses and it was drawn.

        Call it in the transaction that made the case: nobody sees one about somebody who was not compared.
        """
        if new := [user_id for (user_id,) in rows(NEW, events)]:
            self._compare(new)

    @transaction.atomic
    def compare_anew(self) -> int | None:
        """Compare everybody who stands otherwise than before. Returns how many; None while somebody examines."""
        return None if cursor.take() is None else self._compare([])

    def _compare(self, others: list[int]) -> int:
        changed = {each.user_id: each for each in self._standing(CHANGED, others=others)}
        if not changed:
            return 0
        # A new auditor is compared with everybody, and anybody else with the auditors.
        all_of_them = any(each.is_auditor for each in changed.values())
        there = {each.user_id: each for each in self._standing(EVERYBODY if all_of_them else AUDITORS)} | changed
        employers = _employers(list(there))
        known = _Known()
        for each in there.values():
            if each.is_auditor:
                known.add(each, employers[each.user_id])
        conflicts = [
            (auditor_id, person.user_id, ",".join(codes))
            for person in there.values()
            for auditor_id, codes in known.near_to(person, employers[person.user_id]).items()
            if auditor_id in changed or person.user_id in changed
        ]
        with connection.cursor() as statement:
            statement.execute(FORGET, [list(changed), list(changed)])
            for said, told in ((SAY, conflicts), (NOTE, [each[:-1] for each in changed.values()])):
                if told:
                    statement.execute(said, [list(column) for column in zip(*told, strict=True)])
        return len(changed)

    def _standing(self, statement: str, **told: Any) -> Iterator[Standing]:
        for user_id, is_auditor, place, version, homes, stored in rows(statement, auditor=Role.AUDITOR, **told):
            traits = NO_TRAITS if stored is None else self._people.open(user_id, version, bytes(stored))
            # Not where the worker has made none yet, nor where they are damaged.
            has_traits = traits is not NO_TRAITS
            yield Standing(user_id, is_auditor, place, version, homes, has_traits, traits)


def _marks(traits: PersonTraits, employers: Collection[int]) -> Iterator[tuple[Nearness, Collection[int]]]:
    """What somebody else would have to have as well. A common family name is none."""
    yield Nearness.HOME, [each for each in traits.homes if each]
    rare = traits.family is not None and traits.family.bits > weights().rules["own_kin"].floor
    yield Nearness.FAMILY, [traits.family.print] if rare and traits.family else []
    yield Nearness.EMPLOYER, employers


def _employers(people: list[int]) -> Mapping[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for user_id, place in rows(EMPLOYERS, people=people, council=OrganisationKind.AUTHORITY):
        found[user_id].add(place)
    return found
