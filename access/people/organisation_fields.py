"""The one way in which a form takes an organisation: part of its name, its postcode or its number, then a choice."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet

from access.models import Organisation, OrganisationKind
from access.people.selectors.organisations import Fitting, organisations_known, organisations_that_fit
from pages.chooser import ChooserField, NarrowingField, Option

HINT = "Part of its name, its town or postcode, or its number, such as a URN"
MESSAGES = {
    "required": "Enter the organisation",
    "none": "None of the organisations that you look after fits. Check the spelling, or enter its postcode or number",
    "several": "Select which organisation you mean",
}


# Asked only once something is typed.
Within = Callable[[], QuerySet[Organisation]]


MOST_KEPT = 200


def to_keep(fitting: Sequence[int]) -> list[int] | None:
    """The ids, to be kept beside what was typed; None where they are too many for a session, which is read whole."""
    return list(fitting) if len(fitting) <= MOST_KEPT else None


def organisation_field(reach: Within, *, known: Sequence[int] | None = None, **options: Any) -> ChooserField:
    """One of the organisations within reach. Cleaned, it is an `Option` whose value is the organisation's id.

    `known`: the id of the one that was meant before, where the same was typed; all of the reach is not read again.
    """
    search = _searching(reach) if known is None else _looking_up(reach, known)
    return ChooserField(search=search, **_with_words(options))


def organisations_filter_field(reach: Within, *, known: Sequence[int] | None, **options: Any) -> NarrowingField:
    """Those within reach that fit, or the one chosen among them: a list of `Option`; None where nothing was typed.

    `known`: the ids of those that fitted before, where the same was typed; all of the reach is not read again.
    """
    search = _searching(reach) if known is None else _looking_up(reach, known)
    return NarrowingField(search=search, required=False, **_with_words(options))


def named(organisation: Organisation) -> str:
    """What stands in the box for an organisation that is chosen already: no other one fits it."""
    return f"{organisation.name}, {organisation.directory_code}"


def _with_words(options: dict[str, Any]) -> dict[str, Any]:
    messages = MESSAGES | options.pop("error_messages", {})
    return {"label": "Organisation", "help_text": HINT, "error_messages": messages, **options}


def _searching(reach: Within) -> Callable[[str], Sequence[Option]]:
    return lambda typed: [_option(one) for one in organisations_that_fit(reach(), typed)]


def _looking_up(reach: Within, known: Sequence[int]) -> Callable[[str], Sequence[Option]]:
    return lambda _typed: [_option(one) for one in organisations_known(reach(), known)]


def _option(one: Fitting) -> Option:
    return Option(
        str(one.pk),
        one.name,
        ". ".join(filter(None, (one.where, OrganisationKind(one.kind).label, f"Number {one.directory_code}"))),
    )
