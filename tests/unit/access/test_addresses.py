"""An address is taken only where it cannot be mistaken for another."""

import pytest

from access.people.addresses import LOOKALIKE, SHAPE, problem_with


@pytest.mark.parametrize("address", ["a.b@example.org", "A_B+c@sub.example.gov.uk", "o'neil@example.com"])
def test_ordinary_address_is_taken(address: str) -> None:
    assert problem_with(address) is None


@pytest.mark.parametrize(
    "address", ["", "a", "@example.org", "a@", "a b@example.org", "a@b", "a@@example.org", "a@exa\0mple.org", "=1+1"]
)
def test_malformed_address_is_refused(address: str) -> None:
    assert problem_with(address) == SHAPE


@pytest.mark.parametrize(
    "address",
    ["аdmin@example.org", "admin@exаmple.org", "admin@xn--exmple-4nf.org", "a＠example.org", "ａ@example.org"],
)
def test_address_that_looks_like_another_is_refused(address: str) -> None:
    assert problem_with(address) == LOOKALIKE
