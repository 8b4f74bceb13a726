"""A sealed value opens where it was sealed, as it was sealed, and in no other way."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encryption import keyring, seal
from encryption.errors import KeyMissingError, ValueDamagedError
from encryption.holders import held_by
from encryption.keys import DataKey, Purpose
from encryption.seal import Place
from tests.unit.encryption.keyrings import data_key, keyring_in, write_keyring
from tests.unit.encryption.telling import assert_tells_nothing

PURPOSE = Purpose.USER
PLACE = Place("registry_childname", "details", 7, 3)
ELSEWHERE = {
    "table": PLACE._replace(table="registry_guardian"),
    "column": PLACE._replace(column="detail"),
    "row": PLACE._replace(row=8),
    "version put back": PLACE._replace(version=2),
    "version to come": PLACE._replace(version=4),
    "row and version swapped": PLACE._replace(row=PLACE.version, version=PLACE.row),
    "table and column run together": Place("registry_childname\0details", "", 7, 3),
}
STEPS = st.sampled_from([16, 32, 64, 128, 256])
MUTATIONS = 10_000


@pytest.fixture
def key() -> DataKey:
    return keyring.current().sealing_key(Purpose.USER)


@pytest.fixture
def two_cohorts(tmp_path: Path) -> Iterator[tuple[DataKey, DataKey]]:
    """Two cohorts in use, with the other keys that sealing needs."""
    march, april = data_key(1, Purpose.CHILD, "2041-03"), data_key(2, Purpose.CHILD, "2041-04")
    write_keyring(tmp_path / "web", march, april, data_key(3, Purpose.KEY_ID))
    with keyring_in(tmp_path / "web"):
        yield march, april


@settings(deadline=None)
@given(value=st.binary(max_size=600), pad_to=STEPS)
def test_value_opens_to_what_was_sealed(value: bytes, pad_to: int) -> None:
    key = keyring.current().sealing_key(Purpose.USER)

    assert seal.open_sealed(seal.seal(value, PLACE, key, pad_to=pad_to), PLACE, PURPOSE) == value


@pytest.mark.parametrize("value", [b"", b"\0", b"\x80", b"\x80\0", b"a\x80\0\0", b"\0" * 40, b"\x80" * 16])
def test_value_that_looks_like_padding_opens_to_itself(value: bytes, key: DataKey) -> None:
    assert seal.open_sealed(seal.seal(value, PLACE, key), PLACE, PURPOSE) == value


@settings(deadline=None)
@given(length=st.integers(0, 600), pad_to=STEPS)
def test_length_of_sealed_value_tells_only_its_step(length: int, pad_to: int) -> None:
    key = keyring.current().sealing_key(Purpose.USER)
    steps = length // pad_to + 1

    assert len(seal.seal(b"a" * length, PLACE, key, pad_to=pad_to)) == 17 + steps * pad_to + 16


@pytest.mark.parametrize("place", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_value_moved_elsewhere_is_refused(place: Place, key: DataKey) -> None:
    sealed = seal.seal(b"Amelia Okafor", PLACE, key)

    assert seal.open_sealed(sealed, PLACE, PURPOSE) == b"Amelia Okafor"
    with pytest.raises(ValueDamagedError) as refusal:
        seal.open_sealed(sealed, place, PURPOSE)
    assert_tells_nothing(refusal.value, b"Amelia Okafor", key.secret, sealed)


NAMES = st.text("ab_1", max_size=3)
PLACES = st.tuples(st.builds(Place, NAMES, NAMES, st.integers(0, 12), st.integers(0, 12)), st.integers(0, 12))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Place("ab", "c", 1, 1), Place("a", "bc", 1, 1)),
        (Place("a", "b1", 2, 3), Place("a", "b", 12, 3)),
        (Place("a", "b", 1, 12), Place("a", "b", 11, 2)),
        (Place("1ab", "c", 1, 1), Place("ab", "c", 1, 1)),
    ],
)
def test_parts_of_a_place_do_not_run_together(one: Place, other: Place) -> None:
    assert one.associated_data(1) != other.associated_data(1)


@settings(deadline=None)
@given(one=PLACES, other=PLACES)
def test_no_two_places_share_their_associated_data(one: tuple[Place, int], other: tuple[Place, int]) -> None:
    same = one[0].associated_data(one[1]) == other[0].associated_data(other[1])

    assert same == (one == other)


def test_ten_thousand_mutations_are_refused(key: DataKey) -> None:
    value = b"Amelia Okafor, 12 Canary Street"
    sealed, other = seal.seal(value, PLACE, key, pad_to=64), seal.seal(b"Noor Haddad", PLACE, key, pad_to=64)
    assert seal.open_sealed(sealed, PLACE, PURPOSE) == value
    for number in range(MUTATIONS):
        chance = random.Random(number)  # noqa: S311 - mutations to repeat, not secrets
        mutated = chance.choice((flipped, replaced, truncated, extended, spliced))(sealed, other, chance)
        with pytest.raises((ValueDamagedError, KeyMissingError)) as refusal:
            seal.open_sealed(mutated, PLACE, PURPOSE)
        assert_tells_nothing(refusal.value, value, key.secret)


def flipped(sealed: bytes, _other: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(sealed))
    return sealed[:place] + bytes([sealed[place] ^ 1 << chance.randrange(8)]) + sealed[place + 1 :]


def replaced(sealed: bytes, _other: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(sealed) - 4)
    return sealed[:start] + chance.randbytes(4) + sealed[start + 4 :]


def truncated(sealed: bytes, _other: bytes, chance: random.Random) -> bytes:
    keep = chance.randrange(len(sealed))
    return sealed[:keep] if chance.random() < 0.5 else sealed[len(sealed) - keep :]


def extended(sealed: bytes, _other: bytes, chance: random.Random) -> bytes:
    more = chance.choice((b"\0", b"\x80", chance.randbytes(16), b"\0" * 16, sealed[17:]))
    return sealed + more if chance.random() < 0.5 else sealed[:17] + more + sealed[17:]


def spliced(sealed: bytes, other: bytes, chance: random.Random) -> bytes:
    """The head of one value and the rest of another: both are good, sealed by one key for one place."""
    # Within the first byte both agree, so a cut there would leave the other value whole.
    cut = chance.randrange(2, len(sealed))
    return sealed[:cut] + other[cut:]


@pytest.mark.parametrize("another", sorted(held_by("web") - {PURPOSE, Purpose.CHILD}))
def test_value_sealed_with_a_key_for_something_else_is_refused(another: Purpose, tmp_path: Path) -> None:
    """Else whoever holds one key of a keyring would make up what another one seals."""
    held = sorted(held_by("web") - {Purpose.CHILD})
    keys = [data_key(number, purpose) for number, purpose in enumerate(held, start=1)]
    write_keyring(tmp_path / "web", *keys)
    (forging,) = (key for key in keys if key.purpose == another)
    with keyring_in(tmp_path / "web"):
        sealed = seal.seal(b"Amelia", PLACE, forging)
        assert seal.open_sealed(sealed, PLACE, another) == b"Amelia"
        with pytest.raises(ValueDamagedError, match="for something else") as refusal:
            seal.open_sealed(sealed, PLACE, PURPOSE)
    assert_tells_nothing(refusal.value, b"Amelia", forging.secret, sealed)


def test_every_single_bit_counts(key: DataKey) -> None:
    sealed = seal.seal(b"Amelia", PLACE, key)
    for bit in range(len(sealed) * 8):
        mutated = bytearray(sealed)
        mutated[bit // 8] ^= 1 << bit % 8
        with pytest.raises((ValueDamagedError, KeyMissingError)):
            seal.open_sealed(bytes(mutated), PLACE, PURPOSE)


@pytest.mark.parametrize(
    "clear", [b"", b"Amelia", b"\x01" + b"Amelia Okafor, 12 Canary Street, Sale, M33 4AB", b"\0" * 49]
)
def test_clear_bytes_are_not_taken_for_a_sealed_value(clear: bytes) -> None:
    with pytest.raises((ValueDamagedError, KeyMissingError)) as refusal:
        seal.open_sealed(clear, PLACE, PURPOSE)
    assert_tells_nothing(refusal.value, clear or b"nothing was given")


def test_same_value_is_never_sealed_the_same_twice(key: DataKey) -> None:
    sealed = [seal.seal(b"Amelia", PLACE, key) for _ in range(2000)]

    for start, end in ((1, 5), (5, 17), (17, 33), (33, 49)):
        assert len({value[start:end] for value in sealed}) == len(sealed), f"bytes {start} to {end} repeat"


def test_a_column_is_sealed_value_by_value(two_cohorts: tuple[DataKey, DataKey]) -> None:
    entries = [(row, row % 3 + 1, two_cohorts[row % 2], b"Amelia" * (row % 5)) for row in range(1, 200)]
    sealed = seal.seal_column(PLACE.table, PLACE.column, entries, pad_to=32)

    for value, (row, version, key, clear) in zip(sealed, entries, strict=True):
        place = PLACE._replace(row=row, version=version)
        assert seal.open_sealed(value, place, Purpose.CHILD) == clear
        assert seal.key_number(value, Purpose.CHILD) == key.number
        with pytest.raises(ValueDamagedError):
            seal.open_sealed(value, place._replace(row=row + 1), Purpose.CHILD)
        with pytest.raises(ValueDamagedError):
            seal.open_sealed(value, place._replace(version=version + 1), Purpose.CHILD)
    assert len({value[5:17] for value in sealed}) == len(sealed)
    assert {len(value) for value in sealed} == {len(seal.seal(b"", PLACE, key, pad_to=32)) for key in two_cohorts}
    assert seal.seal_column(PLACE.table, PLACE.column, [], pad_to=32) == []


def test_a_column_under_a_key_whose_number_is_clear(tmp_path: Path) -> None:
    key = data_key(1, Purpose.TRAIT)
    write_keyring(tmp_path / "worker", key, data_key(3, Purpose.KEY_ID))
    with keyring_in(tmp_path / "worker"):
        (sealed,) = seal.seal_column(PLACE.table, PLACE.column, [(7, 1, key, b"Amelia")], pad_to=32)
        assert seal.open_sealed(sealed, PLACE._replace(version=1), Purpose.TRAIT) == b"Amelia"
    assert sealed[1:5] == key.number.to_bytes(4, "big")


def test_header_hides_which_key_sealed(two_cohorts: tuple[DataKey, DataKey]) -> None:
    march, april = ([seal.seal(b"Amelia", PLACE, key) for _ in range(2000)] for key in two_cohorts)

    for sealed in (march, april):
        for position in range(1, 17):
            # Of 256 values of a byte, 2,000 draws leave out one in 2,500.
            assert len({value[position] for value in sealed}) > 240, f"byte {position} is not evenly spread"
    assert {value[0] for value in march + april} == {1}
    assert not any(key.number.to_bytes(4, "big") in value for key in two_cohorts for value in march + april)
    assert {seal.key_number(value, Purpose.CHILD) for value in march} == {two_cohorts[0].number}
    assert {seal.key_number(value, Purpose.CHILD) for value in april} == {two_cohorts[1].number}


def test_key_number_is_not_read_without_the_key_that_hides_it(
    two_cohorts: tuple[DataKey, DataKey], tmp_path: Path
) -> None:
    sealed = [seal.seal(b"Amelia", PLACE, two_cohorts[0]) for _ in range(200)]
    write_keyring(tmp_path / "thief" / "web", *two_cohorts, data_key(3, Purpose.KEY_ID))

    with keyring_in(tmp_path / "thief" / "web"):
        assert not {seal.key_number(value, Purpose.CHILD) for value in sealed} & {key.number for key in two_cohorts}


def test_traits_open_with_their_own_key_alone_and_tell_the_number_of_no_other(
    two_cohorts: tuple[DataKey, DataKey], tmp_path: Path
) -> None:
    """Who compares traits has no key with which the cohort of a child is seen."""
    key = data_key(7, Purpose.TRAIT)
    write_keyring(tmp_path / "both" / "worker", key, two_cohorts[0], data_key(9, Purpose.KEY_ID))
    write_keyring(tmp_path / "one" / "examiner", key)
    with keyring_in(tmp_path / "both" / "worker"):
        traits, name = seal.seal(b"Amelia", PLACE, key), seal.seal(b"Amelia", PLACE, two_cohorts[0])

    with keyring_in(tmp_path / "one" / "examiner"):
        assert seal.open_sealed(traits, PLACE, Purpose.TRAIT) == b"Amelia"
        assert seal.key_number(traits, Purpose.TRAIT) == key.number
        assert seal.key_number(name, Purpose.TRAIT) != two_cohorts[0].number
        with pytest.raises(KeyMissingError, match="key_id"):
            seal.key_number(name, Purpose.CHILD)


def test_hidden_key_number_costs_nothing_of_the_seal(two_cohorts: tuple[DataKey, DataKey]) -> None:
    """Who turns the header from one cohort's number to another's gets a refusal, not a value."""
    march, april = two_cohorts
    sealed = seal.seal(b"Amelia", PLACE, march)
    turned = int.from_bytes(sealed[1:5], "big") ^ march.number ^ april.number
    mutated = sealed[:1] + turned.to_bytes(4, "big") + sealed[5:]

    assert seal.key_number(mutated, Purpose.CHILD) == april.number
    with pytest.raises(ValueDamagedError):
        seal.open_sealed(mutated, PLACE, Purpose.CHILD)


def test_destroyed_cohort_opens_nothing_and_the_next_still_opens(
    two_cohorts: tuple[DataKey, DataKey], tmp_path: Path
) -> None:
    march, april = two_cohorts
    gone, kept = seal.seal(b"Amelia", PLACE, march), seal.seal(b"Noor", PLACE, april)
    entries = [entry for entry in keyring.read(tmp_path / "web") if entry.number != march.number]
    assert seal.open_sealed(gone, PLACE, Purpose.CHILD) == b"Amelia"

    keyring.write(tmp_path / "web", entries)

    with keyring_in(tmp_path / "web"):
        assert seal.open_sealed(kept, PLACE, Purpose.CHILD) == b"Noor"
        with pytest.raises(KeyMissingError, match="00000001") as refusal:
            seal.open_sealed(gone, PLACE, Purpose.CHILD)
        with pytest.raises(KeyMissingError, match="2041-03"):
            keyring.current().sealing_key(Purpose.CHILD, "2041-03")
    assert_tells_nothing(refusal.value, b"Amelia", march.secret, gone)


def test_value_sealed_by_another_installation_is_refused(key: DataKey, tmp_path: Path) -> None:
    sealed = seal.seal(b"Amelia", PLACE, key)
    with keyring_in(tmp_path / "none" / "web"), pytest.raises(KeyMissingError):
        seal.open_sealed(sealed, PLACE, PURPOSE)
    write_keyring(tmp_path / "other" / "web", data_key(key.number, Purpose.USER), data_key(9, Purpose.KEY_ID))

    with keyring_in(tmp_path / "other" / "web"), pytest.raises((KeyMissingError, ValueDamagedError)):
        seal.open_sealed(sealed, PLACE, PURPOSE)
