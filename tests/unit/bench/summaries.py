"""Summaries as the registry makes them, of what a benchmark looks at."""

from datetime import date

from registry.search.summaries import summarise
from registry.values import Address, Name, PostalAddress, Provenance, Summary
from registry.vocabulary import AddressState, Gender, NameKind, Source

SEEN = Provenance(Source.LOCAL_AUTHORITY, date(2026, 1, 5))


def summary(
    name: tuple[str, str], *, date_of_birth: date, postcode: str, former: tuple[str, str] | None = None
) -> Summary:
    """The summary of a child of that name, given and family."""
    names = [(NameKind.LEGAL, name), (NameKind.FORMER, former)]
    return summarise(
        names=[(kind, Name(*each, None, None, SEEN)) for kind, each in names if each],
        date_of_birth=date_of_birth,
        gender=Gender.FEMALE,
        number="",
        numbers=(),
        address=Address(AddressState.CURRENT, PostalAddress(("7 Cross Street",), "Sale", postcode), None, None, SEEN),
        shielded=False,
    )
