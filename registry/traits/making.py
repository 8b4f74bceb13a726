"""A child's traits, of the values of the record. For the worker, which may open them and holds the key of tokens."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import TypeVar

from access.people.traits import Home
from registry.traits import prints
from registry.traits.values import OPEN, SERVICE_CODES, ChildTraits, Involved
from registry.values import Address, GuardianDetails, InvolvementDetails, Name

Value = TypeVar("Value")
SCHOOL_YEAR_BEGINS = 9  # the month


def traits_of(
    *,
    date_of_birth: date,
    names: Iterable[Name],
    addresses: Iterable[Address],
    guardians: Sequence[GuardianDetails],
    involvements: Iterable[InvolvementDetails],
) -> ChildTraits:
    """What can be compared of a child of whom that is known. Of a shielded one it is all, too: nobody reads it."""
    homes = [home_of(each) for each in addresses if each.postal]
    return ChildTraits(
        families=_once(chain.from_iterable(prints.families(each.family) for each in names)),
        guardians=_once(found for each in guardians if (found := prints.whole(each.given, each.family))),
        guardian_families=_once(chain.from_iterable(prints.families(each.family) for each in guardians)),
        homes=_once(each.home for each in homes if each.home),
        postcodes=_once(each.postcode for each in homes if each.postcode),
        near=_once(each.near for each in homes if each.near),
        telephones=_once(prints.telephone(each.telephone) for each in guardians if each.telephone),
        involved=_once(_involved(each) for each in involvements),
        born=school_year(date_of_birth),
    )


def school_year(date_of_birth: date) -> int:
    """The year in which the school year began in which a child was born."""
    return date_of_birth.year - (date_of_birth.month < SCHOOL_YEAR_BEGINS)


def home_of(address: Address) -> Home:
    """An address as it is compared: nothing where none is known, nor without a whole postcode."""
    postal = address.postal
    if postal is None:
        return Home(0, 0, 0)
    return prints.home(", ".join(postal.lines), postal.postcode)


def _involved(involvement: InvolvementDetails) -> Involved:
    return Involved(
        organisation_id=involvement.organisation_id,
        service=SERVICE_CODES[involvement.service],
        from_day=involvement.started_on.toordinal(),
        to_day=involvement.ended_on.toordinal() if involvement.ended_on else OPEN,
    )


def _once(values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(values))
