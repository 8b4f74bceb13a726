"""A child's summary: what search may know of them."""

from collections.abc import Iterable
from datetime import date

from registry.values import Address, Name, Summary, SummaryName
from registry.vocabulary import Gender, NameKind

LONGEST_LINES = 64  # characters; a summary that outgrows its padding would show that its child is not shielded


def summarise(
    *,
    names: Iterable[tuple[NameKind, Name]],
    date_of_birth: date,
    gender: Gender,
    number: str,
    numbers: Iterable[str],
    address: Address | None,
    shielded: bool,
) -> Summary:
    """The summary of a child with those values. Of a shielded child, visible values only (DOMAIN: shielding)."""
    postal = address.postal if address and not shielded else None
    return Summary(
        names=tuple(SummaryName(kind, name.given, name.family) for kind, name in names),
        date_of_birth=date_of_birth,
        gender=gender,
        number=number,
        town=postal.town if postal else "",
        postcode=postal.postcode if postal else "",
        numbers=() if shielded else tuple(numbers),
        shielded=shielded,
        lines=", ".join(postal.lines)[:LONGEST_LINES] if postal else "",
    )
