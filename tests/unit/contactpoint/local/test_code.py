"""The code that `make code` prints."""

import pytest

from contactpoint.local import code
from contactpoint.local.errors import LocalError

# RFC 6238, appendix B, SHA-1: "12345678901234567890" in base32, and the last six of the eight digits.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]
USERS = [
    {"role": "practitioner", "email": "first@example.org"},
    {"role": "practitioner", "email": "second@example.org"},
    {"role": "auditor", "email": "third@example.org"},
]


@pytest.mark.parametrize(("now", "expected"), VECTORS)
def test_codes_are_those_of_the_standard(now: int, expected: str) -> None:
    assert code.current(SECRET, now) == expected


def test_an_unpadded_secret_is_understood() -> None:
    assert code.current("gezdgnbvgy3tqojqge", 59) == code.current("GEZDGNBVGY3TQOJQGE======", 59)


def test_seconds_left_count_down_to_the_next_code() -> None:
    assert [code.seconds_left(now) for now in (0, 1, 29.9, 30)] == [30, 29, 1, 30]


def test_a_user_is_found_by_role_or_by_address() -> None:
    assert code.find_user(USERS, "practitioner")["email"] == "first@example.org"
    assert code.find_user(USERS, "Second@Example.org")["email"] == "second@example.org"


def test_an_unknown_user_is_told_the_roles() -> None:
    with pytest.raises(LocalError, match="roles are: practitioner, auditor"):
        code.find_user(USERS, "nobody")
