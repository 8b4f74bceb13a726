"""Each mistake is the one that it says, and is one: else a benchmark measures something else than it prints."""

import ast
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

import bench.search.kinds
from bench import mistakes, spellings
from bench.mistakes import Asked

NAMES = st.text("abcdefghijklmnopqrstuvwxyz'- ", min_size=0, max_size=30)
PLAIN_NAMES = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=20)
SEEDS = st.integers(0, 2**32).map(Random)
DATES = st.dates(date(2005, 1, 1), date(2030, 12, 31))


def drawn(seed: int) -> Random:
    """The same chance each time."""
    return Random(seed)  # noqa: S311 - no secret is drawn


MARIA = Asked("Maria", "Owusu-Smith", date(2015, 3, 4), 10, "M33 4AB", "7", "Cross Street")


@given(PLAIN_NAMES, SEEDS)
def test_one_typing_error_is_one(name: str, random: Random) -> None:
    assert OSA.distance(name, mistakes.typed_wrong(name, random)) == 1


@given(PLAIN_NAMES, SEEDS)
def test_a_typing_error_leaves_a_name_that_a_form_takes(name: str, random: Random) -> None:
    assert len(mistakes.typed_wrong(name, random)) >= 2


@given(NAMES, SEEDS)
def test_any_name_can_be_typed(name: str, random: Random) -> None:
    wrong = mistakes.typed_wrong(name, random)
    letters = sum(map(str.isalpha, name))
    assert (wrong == name) == (letters < 2)


def test_every_kind_of_typing_error_happens() -> None:
    random = drawn(1)
    lengths = {len(mistakes.typed_wrong("maria", random)) for _ in range(200)}
    swapped = {mistakes.typed_wrong("maria", random) for _ in range(400)} & {"amria", "mraia", "maira", "marai"}
    assert (lengths, len(swapped)) == ({4, 5, 6}, 4)


@given(DATES, SEEDS)
def test_one_digit_is_wrong_and_the_date_there_is(born: date, random: Random) -> None:
    wrong = mistakes.one_digit_wrong(Asked(date_of_birth=born), random)
    assert wrong is not None
    assert wrong.date_of_birth is not None
    pairs = zip(f"{born:%d%m%Y}", f"{wrong.date_of_birth:%d%m%Y}", strict=True)
    assert sum(one != other for one, other in pairs) == 1


@given(DATES, SEEDS)
def test_a_day_one_out_is_a_neighbour(born: date, random: Random) -> None:
    wrong = mistakes.day_one_out(Asked(date_of_birth=born), random)
    assert wrong is not None
    assert wrong.date_of_birth is not None
    assert abs((wrong.date_of_birth - born).days) == 1


@given(DATES, SEEDS)
def test_a_month_one_out_is_a_neighbour(born: date, random: Random) -> None:
    wrong = mistakes.month_one_out(Asked(date_of_birth=born), random)
    assert wrong is not None
    held = wrong.date_of_birth
    assert held is not None
    assert abs(held.year * 12 + held.month - born.year * 12 - born.month) == 1
    assert held.day == born.day or (held.day < born.day and (held + timedelta(days=1)).day == 1)


@given(DATES, SEEDS)
def test_a_date_slip_changes_the_date(born: date, random: Random) -> None:
    wrong = mistakes.date_slip(Asked(date_of_birth=born), random)
    assert wrong is not None
    assert wrong.date_of_birth not in (None, born)


@pytest.mark.parametrize(
    ("born", "swapped"),
    [
        (date(2015, 3, 4), date(2015, 4, 3)),
        (date(2015, 3, 13), None),
        (date(2015, 3, 3), None),
    ],
)
def test_day_and_month_swap_where_they_can(born: date, swapped: date | None) -> None:
    wrong = mistakes.day_and_month_swapped(Asked(date_of_birth=born), drawn(1))
    assert (wrong and wrong.date_of_birth) == swapped


def test_a_guessed_age_is_at_most_a_year_out() -> None:
    random = drawn(1)
    guessed = {wrong.age for _ in range(100) if (wrong := mistakes.age_guessed(MARIA, random))}
    assert guessed == {9, 10, 11}


def test_a_guessed_age_comes_instead_of_the_date() -> None:
    guess = mistakes.age_guessed(MARIA, drawn(1))
    assert guess is not None
    assert guess.date_of_birth is None


@given(SEEDS)
def test_a_wrong_postcode_looks_like_one(random: Random) -> None:
    wrong = mistakes.postcode_wrong(MARIA, random)
    assert wrong is not None
    pairs = list(zip(MARIA.postcode, wrong.postcode, strict=True))
    assert sum(one != other for one, other in pairs) == 1
    assert all(one.isdigit() == other.isdigit() and one.isspace() == other.isspace() for one, other in pairs)


def test_half_of_a_double_barrelled_name() -> None:
    random = drawn(1)
    halves = {wrong.family for _ in range(20) if (wrong := mistakes.half_a_family_name(MARIA, random))}
    assert halves == {"Owusu", "Smith"}
    assert mistakes.half_a_family_name(Asked(family="Smith"), random) is None


def test_names_swapped() -> None:
    swapped = mistakes.names_swapped(MARIA, drawn(1))
    assert swapped is not None
    assert (swapped.given, swapped.family) == (MARIA.family, MARIA.given)


@pytest.mark.parametrize("mistake", [mistakes.nickname, mistakes.transliterated])
def test_nobody_makes_up_a_spelling(mistake: mistakes.Mistake) -> None:
    assert mistake(Asked("Xyzzy", "Plugh"), drawn(1)) is None


def test_a_nickname_is_the_forenames_own() -> None:
    called = mistakes.nickname(Asked("William", "Hill"), drawn(1))
    assert called is not None
    assert called.given in {"Will", "Bill", "Billy", "Liam"}


def test_one_word_of_a_name_is_transliterated() -> None:
    spelt = mistakes.transliterated(Asked("Bob", "Khan-Hussain"), drawn(3))
    assert spelt is not None
    assert spelt.family != "Khan-Hussain"
    assert spelt.family.count("-") == 1


@given(st.sampled_from([mistakes.name_heard_wrong, mistakes.name_read_wrong]), PLAIN_NAMES, PLAIN_NAMES, SEEDS)
def test_one_name_alone_is_heard_or_read_wrong(
    mistake: mistakes.Mistake, first: str, last: str, random: Random
) -> None:
    wrong = mistake(Asked(first, last), random)
    if wrong:
        assert (wrong.given == first) != (wrong.family == last)


def test_two_mistakes_are_both_made_or_none() -> None:
    both = mistakes.one_after_the_other(mistakes.day_and_month_swapped, mistakes.family_name_wrong)
    wrong = both(MARIA, drawn(1))
    assert wrong is not None
    assert wrong.date_of_birth == date(2015, 4, 3)
    assert wrong.family != MARIA.family
    assert both(Asked("Ann", "Hill", date(2015, 3, 31)), drawn(1)) is None


def test_keys_are_neighbours_of_one_another() -> None:
    near = spellings.neighbours()
    assert set(near["g"]) >= set("fhtyvb")
    assert all(letter in near[other] for letter, others in near.items() for other in others)


def test_the_error_model_knows_nothing_of_the_registry() -> None:
    """Else it would make the mistakes that the search is made for."""
    for module in (mistakes, spellings, bench.search.kinds):
        tree = ast.parse(Path(str(module.__file__)).read_text())
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {name for name in imported if name.startswith(("registry", "encryption", "access", "audit"))}


def test_what_is_asked_is_what_the_kind_gives() -> None:
    for kind in bench.search.kinds.KINDS:
        asked = kind.ask(MARIA, drawn(5))
        if asked:
            given_fields = {name for name in Asked.__dataclass_fields__ if getattr(asked, name) not in ("", None)}
            assert given_fields <= set(kind.gives)


def test_a_kind_that_gives_what_is_not_known_asks_nothing() -> None:
    nowhere = Asked("Maria", "Smith", date(2015, 3, 4), 10)
    assert all(kind.ask(nowhere, drawn(1)) is None for kind in bench.search.kinds.KINDS if kind.needs_address)
