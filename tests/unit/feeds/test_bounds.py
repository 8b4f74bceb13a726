"""Which bounds people's decisions suggest: none of a few, and never against what they say."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.rules.bounds import (
    FEWEST,
    HIGHEST_DOUBT,
    LOWEST_DOUBT,
    LOWEST_LINK,
    Limits,
    Moves,
    Pair,
    is_more_frequent,
    is_rarer,
    suggestions,
)

NOW = Limits(link=10.0, doubt=-5.0)


def pairs(many: int, bits: float, *, same: bool, fits: bool = True) -> list[Pair]:
    return [Pair(bits, fits, same)] * many


def test_of_nothing_and_of_few_nothing_is_suggested() -> None:
    assert suggestions([], NOW) == []
    assert suggestions([*pairs(2_900, 9.5, same=True), *pairs(200, -4.5, same=False)], NOW) == []


def test_what_was_nearly_always_the_same_child_is_linked() -> None:
    (found,) = suggestions(pairs(3_100, 9.5, same=True), NOW)
    assert (found.moves, found.limits, found.decided, found.against) == (Moves.LINK, Limits(9.0, -5.0), 3_100, 0)


def test_one_who_was_another_child_asks_for_more_decisions() -> None:
    wrong = pairs(1, 9.5, same=False)
    assert suggestions([*pairs(3_100, 9.5, same=True), *wrong], NOW) == []
    (found,) = suggestions([*pairs(4_800, 9.5, same=True), *wrong], NOW)
    assert (found.decided, found.against) == (4_801, 1)


def test_many_good_ones_do_not_cover_for_bad_ones_at_the_bound() -> None:
    """Ten thousand above, and below them thirty of whom two were wrong: it stops above those."""
    (found,) = suggestions(
        [*pairs(10_000, 9.5, same=True), *pairs(28, 8.5, same=True), *pairs(2, 8.5, same=False)], NOW
    )
    assert found.limits.link == 9.0


def test_what_was_held_for_another_reason_says_nothing_of_the_odds() -> None:
    assert suggestions(pairs(5_000, 9.5, same=True, fits=False), NOW) == []


def test_what_was_hardly_ever_the_child_is_shown_no_more() -> None:
    (found,) = suggestions(pairs(400, -4.5, same=False), NOW)
    assert (found.moves, found.limits, found.against) == (Moves.DOUBT, Limits(10.0, -4.0), 0)


def test_where_many_of_the_least_likely_were_the_child_more_are_shown() -> None:
    (found,) = suggestions([*pairs(60, -4.0, same=True), *pairs(100, -4.0, same=False)], NOW)
    assert (found.moves, found.limits, found.decided, found.against) == (Moves.DOUBT, Limits(10.0, -7.0), 160, 100)


def test_of_two_who_were_the_child_nothing_follows() -> None:
    """Were one in ten of them the child, two of two would be so once in a hundred times: it is too few all the same."""
    assert suggestions(pairs(2, -4.0, same=True), NOW) == []
    assert suggestions(pairs(FEWEST - 1, -4.0, same=True), NOW) == []
    (found,) = suggestions(pairs(FEWEST, -4.0, same=True), NOW)
    assert (found.moves, found.decided) == (Moves.DOUBT, FEWEST)


def test_each_bound_that_is_to_move_is_suggested_what_saves_most_first() -> None:
    link, doubt = suggestions([*pairs(3_100, 9.5, same=True), *pairs(400, -4.5, same=False)], NOW)
    assert (link.moves, link.limits) == (Moves.LINK, Limits(9.0, -5.0))
    assert (doubt.moves, doubt.limits) == (Moves.DOUBT, Limits(10.0, -4.0))


def test_there_is_an_end_either_way() -> None:
    assert suggestions(pairs(10_000, 0.5, same=True), Limits(LOWEST_LINK, -5.0)) == []
    assert suggestions(pairs(10_000, LOWEST_DOUBT + 1, same=True, fits=False), Limits(10.0, LOWEST_DOUBT)) == []
    assert suggestions(pairs(10_000, HIGHEST_DOUBT + 1, same=False), Limits(10.0, HIGHEST_DOUBT)) == []


@pytest.mark.parametrize(("seen", "of", "share"), [(0, 50, 0.05), (3, 20, 0.3), (10, 10, 0.5), (7, 100, 0.1)])
def test_shares_are_held_against_the_binomial_distribution(seen: int, of: int, share: float) -> None:
    """By its formula with whole numbers, which is exact where the logarithms of the rule are not."""
    at_most = sum(math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(seen + 1))
    fewer = sum(math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(seen))
    assert is_rarer(share, seen, of) == (at_most <= 0.05)
    assert is_more_frequent(share, seen, of) == (seen > 0 and 1 - fewer <= 0.05)


DECIDED = st.builds(Pair, st.floats(-12, 12).map(lambda each: round(each, 1)), st.booleans(), st.booleans())


@given(
    st.lists(st.tuples(DECIDED, st.integers(1, 4_000)), max_size=12),
    st.integers(0, 15),
    st.integers(-10, 0),
)
def test_whatever_was_decided_the_bounds_stay_bounds(decided: list[tuple[Pair, int]], link: int, doubt: int) -> None:
    """Of each only one moves, as far as it may, and of whatever would be linked hardly any was another child."""
    now = Limits(link + 1.0, float(doubt))
    listed = [pair for pair, many in decided for _ in range(many)]
    for found in suggestions(listed, now):
        limits = found.limits
        assert LOWEST_LINK <= limits.link <= now.link
        assert LOWEST_DOUBT <= limits.doubt <= HIGHEST_DOUBT
        assert limits.doubt < limits.link
        assert (limits.link == now.link) != (limits.doubt == now.doubt)
        assert (limits.link != now.link) == (found.moves is Moves.LINK)
        assert 0 <= found.against <= found.decided
        if found.moves is Moves.LINK:
            linked = [each for each in listed if each.fits and limits.link <= each.bits < now.link]
            assert sum(not each.same for each in linked) / len(linked) < 0.001
