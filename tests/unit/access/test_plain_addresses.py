"""One address is one person, however it is written; and for those who were there before nothing changes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.models.addresses import is_address, plain_address
from access.models.user import email_fingerprint
from access.people.addresses import problem_with
from encryption.tokens import fingerprint

TOM = "Tom.Hadley@example.org"
WAYS = [
    "tom.hadley@EXAMPLE.ORG",
    "  Tom.Hadley@example.org\n",
    "\u00a0Tom.Hadley@example.org\u3000",
    "Tom.Hadley@example.org.",
    "Tom.Hadley@example.org .",
    "Tom.Hadley @ example.org",
    "Tom.Hadley\uff20example.org",
    "\uff34om.Hadley@ex\uff41mple\uff0eorg",
    "Tom.Hadley@example\u3002org",
    "\u200bTom.Hadley@exam\u00adple.org\ufeff",
    "\u202aTom.Hadley@example.org\u202c",
]


@pytest.mark.parametrize("typed", WAYS)
def test_one_address_is_one_person_however_it_is_written(typed: str) -> None:
    assert email_fingerprint(typed) == email_fingerprint(TOM)
    assert plain_address(typed).casefold() == TOM.casefold()
    assert problem_with(plain_address(typed)) is None


@pytest.mark.parametrize(
    "address", ["zoë@example.org", "zoe@exämple.org", "ŁUKASZ@example.org", "Ångström@example.org"]
)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_composed_and_decomposed_letters_are_the_same(address: str, form: str, case: type[str]) -> None:
    written = case(unicodedata.normalize(form, address))  # type: ignore[arg-type]  # a method of it
    assert email_fingerprint(written) == email_fingerprint(address)


@pytest.mark.parametrize("other", ["tom.hadley@example.com", "tomhadley@example.org", "tom.hadley@sub.example.org"])
def test_other_addresses_stay_others(other: str) -> None:
    assert email_fingerprint(other) != email_fingerprint(TOM)


@given(st.text(max_size=60))
def test_the_plain_way_of_writing_is_plain_already(text: str) -> None:
    assert plain_address(plain_address(text)) == plain_address(text)
    assert email_fingerprint(plain_address(text)) == email_fingerprint(text)


@given(st.emails())
def test_whoever_was_there_before_has_the_fingerprint_they_had(address: str) -> None:
    if problem_with(address) is None:
        assert email_fingerprint(address) == fingerprint("user email", address.strip().casefold()).hex()


def test_capitals_before_the_sign_stay_for_the_letter() -> None:
    assert plain_address(" Tom.Hadley@EXAMPLE.org. ") == TOM


@pytest.mark.parametrize(("typed", "expected"), [("tom\uff20x", True), ("Zainab Okonkwo", False), ("", False)])
def test_an_address_is_told_from_a_name(typed: str, expected: bool) -> None:
    assert is_address(typed) is expected
