"""Nobody can be told from a number in a report: none is exact, and none follows from the others."""

import pytest

from review.small_numbers import FEWEST, LEAST, share, told


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (1, "fewer than 5"),
        (4, "fewer than 5"),
        (5, "5"),
        (7, "5"),
        (8, "10"),
        (12, "10"),
        (1_232, "1,230"),
        (1_233, "1,235"),
    ],
)
def test_a_number_is_told_to_the_nearest_five_and_a_small_one_not_at_all(number: int, words: str) -> None:
    assert told(number) == words


def test_no_number_but_none_at_all_is_exact() -> None:
    by_words: dict[str, list[int]] = {}
    for number in range(1, 1_003):
        by_words.setdefault(told(number), []).append(number)
    assert min(len(numbers) for numbers in by_words.values()) > FEWEST // 2


def test_a_share_is_of_what_is_told_and_tells_no_more() -> None:
    assert share(30, 40) == "75%"
    assert share(29, 41) == share(30, 40) == share(31, 39), "or it would tell the numbers apart"
    assert share(3, 99) == "under 5%"
    assert share(0, 99) == "0%"
    assert share(99, 99) == "100%"
    assert share(10, LEAST - 1) == ""
