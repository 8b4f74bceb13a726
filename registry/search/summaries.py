"""A child's summary: what search may know of them."""

from collections.abc import Iterable
from datetime import date

from registry.models import Child
from registry.policies.disclosure import summary_shown
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
    """The summary of a child with those values: of a shielded one, only what may be shown (policies/disclosure.py)."""
    postal = address.postal if address else None
    full = Summary(
        names=tuple(SummaryName(kind, name.given, name.family) for kind, name in names),
        date_of_birth=date_of_birth,
        gender=gender,
        number=number,
        town=postal.town if postal else "",
        postcode=postal.postcode if postal else "",
        numbers=tuple(numbers),
        shielded=shielded,
        lines=", ".join(postal.lines)[:LONGEST_LINES] if postal else "",
    )
    return summary_shown(full)


def open_summary(stored: bytes, *, child_id: int, version: int) -> Summary:
    """A stored summary, opened and cut to what may be known of the child today (policies/disclosure.py).

    The only way to a stored one: those stored before a rule was made obey it too.
    """
    opened: Summary = Child._meta.get_field("summary").open_stored(stored, row=child_id, version=version)
    return summary_shown(opened)
