"""Fingerprints and search tokens: equal where they should be, and nowhere else."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encryption.errors import KeyMissingError
from encryption.keys import Purpose
from encryption.tokens import Tokeniser, fingerprint
from tests.unit.encryption.keyrings import data_key, keyring_in, write_keyring

# What registry.search.normalise leaves of a value: letters and digits.
NORMALISED = st.text("abcdefghijklmnopqrstuvwxyz0123456789 ", max_size=12)


@settings(deadline=None)
@given(value=st.text(st.characters(codec="utf-8"), max_size=40))
def test_fingerprint_is_the_same_each_time(value: str) -> None:
    assert fingerprint("user email", value) == fingerprint("user email", value)
    assert len(fingerprint("user email", value)) == 16


@settings(deadline=None)
@given(one=st.text(st.characters(codec="utf-8")), other=st.text(st.characters(codec="utf-8")))
def test_fingerprints_differ_by_value(one: str, other: str) -> None:
    assert (fingerprint("user email", one) == fingerprint("user email", other)) == (one == other)


def test_fingerprints_differ_by_kind() -> None:
    kinds = ["user email", "session key", "child number nhs", "child number upn", "user", "user email "]

    assert len({fingerprint(kind, "9434765919") for kind in kinds}) == len(kinds)


def test_kind_and_value_do_not_run_together() -> None:
    assert fingerprint("child number nhs", "1") != fingerprint("child number nh", "s1")
    assert fingerprint("child number ", "nhs1") != fingerprint("child number nhs", "1")


def test_fingerprints_and_tokens_differ_by_key(tmp_path: Path) -> None:
    made = []
    for installation in ("one", "other"):
        write_keyring(tmp_path / installation / "web", data_key(1, Purpose.TOKEN))
        with keyring_in(tmp_path / installation / "web"):
            made.append((fingerprint("user email", "a@example.org"), Tokeniser(1, 31).token("names", "a", "b")))

    assert made[0][0] != made[1][0]
    assert made[0][1] != made[1][1]


def test_fingerprint_without_its_key_is_refused(tmp_path: Path) -> None:
    write_keyring(tmp_path / "web", data_key(1, Purpose.USER))

    with keyring_in(tmp_path / "web"), pytest.raises(KeyMissingError, match="token"):
        fingerprint("user email", "a@example.org")


@pytest.mark.parametrize("bits", [-1, 0, 7, 32, 64])
def test_tokeniser_outside_its_bits_is_refused(bits: int) -> None:
    with pytest.raises(ValueError, match="8 to 31 bits"):
        Tokeniser(1, bits)


@pytest.mark.parametrize("bits", [8, 20, 26, 31])
def test_tokens_fill_their_range_and_no_more(bits: int) -> None:
    tokeniser = Tokeniser(1, bits)
    tokens = [tokeniser.token("names", "amelia", str(number)) for number in range(2000)]

    assert min(tokens) >= 0
    assert max(tokens) < 2**bits
    # Of 2,000 even draws one lies in the highest sixteenth, unless once in 10^56.
    assert max(tokens) >= 2**bits * 15 // 16


def test_tokens_are_evenly_spread() -> None:
    tokeniser = Tokeniser(1, 8)
    counts = [0] * 256
    for number in range(25_600):
        counts[tokeniser.token("names", "amelia", str(number))] += 1
    chi_squared = sum((count - 100) ** 2 / 100 for count in counts)

    # 255 degrees of freedom: mean 255, deviation 22.6; the keys differ on every run, so the margin is ten deviations.
    assert 255 - 226 < chi_squared < 255 + 226


@settings(deadline=None)
@given(parts=st.lists(NORMALISED, min_size=1, max_size=4), other=st.lists(NORMALISED, min_size=1, max_size=4))
def test_same_parts_make_the_same_token(parts: list[str], other: list[str]) -> None:
    tokeniser = Tokeniser(1, 31)

    assert tokeniser.token("names", *parts) == Tokeniser(1, 31).token("names", *parts)
    if parts != other:
        # Chance alone makes two of 2^31 equal; a boundary lost would do it every time, with the same text.
        joined = "".join(parts) == "".join(other)
        assert not joined or tokeniser.token("names", *parts) != tokeniser.token("names", *other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("ab", ""), ("a", "b")),
        (("", "ab"), ("ab", "")),
        (("abc",), ("ab", "c")),
        (("a", "b", ""), ("a", "b")),
        (("a", "b"), ("b", "a")),
    ],
)
def test_tokens_differ_by_part_boundaries(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    pairs = [
        (Tokeniser(epoch, 31).token("names", *one), Tokeniser(epoch, 31).token("names", *other)) for epoch in (1, 2)
    ]

    # Twice: one pair in 2^31 is equal by chance.
    assert any(made != instead for made, instead in pairs)


def test_tokens_differ_by_family_and_epoch() -> None:
    made = [
        tuple(Tokeniser(epoch, 31).token(family, "amelia", str(number)) for number in range(4))
        for epoch in (1, 2, 11)
        for family in ("names", "1|names", "|names", "postcode")
    ]

    assert len(set(made)) == len(made)


def test_fewer_bits_are_the_front_of_more() -> None:
    """So the index can be made coarser without another hash."""
    long, short = Tokeniser(1, 31).token("names", "amelia"), Tokeniser(1, 20).token("names", "amelia")

    assert long >> 11 == short
