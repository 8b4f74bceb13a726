"""Numbers that identify a child: what is taken, what is refused, and that a refusal does not repeat it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import numbers

Reader = Callable[[str], str]
READERS: tuple[Reader, ...] = (numbers.own_number, numbers.nhs_number, numbers.pupil_number)


@pytest.mark.parametrize(
    ("read", "typed", "number"),
    [
        (numbers.nhs_number, "943 476 5919", "9434765919"),  # the NHS Data Dictionary's own example
        (numbers.nhs_number, "943-476-5919", "9434765919"),
        (numbers.nhs_number, "9434765919", "9434765919"),
        (numbers.nhs_number, "\u200e943\u00a0476–5919.", "9434765919"),
        (numbers.nhs_number, "９４３４７６５９１９", "9434765919"),
        (numbers.pupil_number, "H801200001001", "H801200001001"),
        (numbers.pupil_number, "h801 200001001 ", "H801200001001"),
        (numbers.own_number, "12345 67890 3", "12345678903"),
        (numbers.own_number, "12345678903", "12345678903"),
    ],
)
def test_number_is_taken_in_one_way_of_writing(read: Reader, typed: str, number: str) -> None:
    assert read(typed) == number


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        (numbers.nhs_number, "943 476 5918"),  # check digit
        (numbers.nhs_number, "934 476 5919"),  # two digits swapped
        (numbers.nhs_number, "943 476 591"),
        (numbers.nhs_number, "943 476 59190"),
        (numbers.pupil_number, "G801200001001"),  # check letter
        (numbers.pupil_number, "H801200001010"),
        (numbers.pupil_number, "H80120000100"),
        (numbers.own_number, "12345 67890 4"),
        (numbers.own_number, "21345 67890 3"),
        (numbers.own_number, "12345 67890"),
        (numbers.own_number, "١٢٣٤٥٦٧٨٩٠3"),  # the same digits, but not in the one way of writing
        *((read, junk) for read in READERS for junk in ("", " ", "-", "\x00", "😀", "9" * 500, "abcdefghij", "%")),
    ],
)
def test_number_is_refused_without_being_repeated(read: Reader, typed: str) -> None:
    with pytest.raises(numbers.InvalidNumberError) as refused:
        read(typed)
    assert str(refused.value) == ""


@given(st.text(max_size=20), st.sampled_from(READERS))
def test_number_of_anything_is_read_or_refused(typed: str, read: Reader) -> None:
    try:
        number = read(typed)
    except numbers.InvalidNumberError:
        return
    assert read(number) == number
    assert number.isascii()


def test_number_is_called_by_what_it_is() -> None:
    assert numbers.label("9434765919") == "NHS number"
    assert numbers.label("H801200001001") == "Unique pupil number"
    assert numbers.label(numbers.make_own_number()) == "Registry number"


def test_made_number_has_its_check_digit() -> None:
    made = {numbers.make_own_number() for _ in range(200)}
    assert len(made) == 200
    assert all(numbers.own_number(number) == number for number in made)


@given(st.integers(0, 9), st.integers(0, 10))
def test_made_number_with_any_digit_changed_is_refused(digit: int, place: int) -> None:
    number = numbers.make_own_number()
    changed = number[:place] + str(digit) + number[place + 1 :]
    if changed != number:
        with pytest.raises(numbers.InvalidNumberError):
            numbers.own_number(changed)


def test_shown_number_is_in_groups_that_read_back() -> None:
    number = numbers.make_own_number()
    assert numbers.shown(number) == f"{number[:5]} {number[5:10]} {number[10]}"
    assert numbers.own_number(numbers.shown(number)) == number


@pytest.mark.parametrize(
    ("number", "kind"), [("9434765919", "nhs"), ("12345678903", numbers.OWN), ("H801200001001", "upn")]
)
def test_kind_of_a_number_is_known(number: str, kind: str) -> None:
    assert numbers.kind(number) == kind
