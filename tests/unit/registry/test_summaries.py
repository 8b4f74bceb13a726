"""The summary that search opens: of a shielded child it holds nothing that is hidden."""

from dataclasses import astuple
from datetime import date

import pytest

from registry.search.summaries import summarise
from registry.values import Address, Name, PostalAddress, Provenance, Summary
from registry.vocabulary import AddressState, Gender, NameKind, Source
from tests.unit.registry.values import NHS_NUMBER, OWN_NUMBER, PUPIL_NUMBER

SOURCE = Provenance(Source.CHILD_BENEFIT, date(2026, 1, 5), organisation_id=77)
HOME = Address(
    AddressState.CURRENT, PostalAddress(("12 Hidden Lane",), "Sale", "M33 4AB"), date(2020, 1, 1), None, SOURCE
)
NOWHERE = Address(AddressState.NONE_KNOWN, None, None, None, SOURCE)


def summary_of(*, shielded: bool, address: Address | None = HOME) -> Summary:
    return summarise(
        names=[
            (NameKind.LEGAL, Name("Amina", "Hussain", None, None, SOURCE)),
            (NameKind.FORMER, Name("Amina", "Malik", None, date(2020, 1, 1), SOURCE)),
        ],
        date_of_birth=date(2017, 4, 9),
        gender=Gender.FEMALE,
        number=OWN_NUMBER,
        numbers=[NHS_NUMBER, PUPIL_NUMBER],
        address=address,
        shielded=shielded,
    )


def test_summary_holds_what_a_result_row_shows() -> None:
    made = summary_of(shielded=False)
    assert (made.town, made.postcode, made.numbers) == ("Sale", "M33 4AB", (NHS_NUMBER, PUPIL_NUMBER))
    assert [(name.kind, name.family) for name in made.names] == [
        (NameKind.LEGAL, "Hussain"),
        (NameKind.FORMER, "Malik"),
    ]
    assert made.lines == "12 Hidden Lane"
    assert not made.shielded


def test_summary_of_shielded_child_holds_nothing_hidden() -> None:
    made = summary_of(shielded=True)
    assert (made.town, made.postcode, made.numbers, made.shielded) == ("", "", (), True)
    told = repr(astuple(made))
    for hidden in ("Malik", "Sale", "M33", "Hidden Lane", NHS_NUMBER, PUPIL_NUMBER, "77"):
        assert hidden not in told
    for visible in ("Amina", "Hussain", OWN_NUMBER, "datetime.date(2017, 4, 9)"):
        assert visible in told


@pytest.mark.parametrize("address", [None, NOWHERE])
def test_summary_without_address_has_no_place(address: Address | None) -> None:
    made = summary_of(shielded=False, address=address)
    assert (made.town, made.postcode) == ("", "")
