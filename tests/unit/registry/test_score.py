"""How well a candidate fits, and why: the levels, their words, and the order that comes of them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.search.score import (
    AGE_WORDS,
    BORN_WORDS,
    GIVEN_NAME_WORDS,
    MONTH_WORDS,
    NAME_WORDS,
    POSTCODE_WORDS,
    STREET_WORDS,
    WEIGHTS,
    YEAR_WORDS,
    Question,
    Score,
    ideal,
    score,
)
from registry.vocabulary import Gender, NameKind
from tests.unit.registry.values import (
    NHS_NUMBER,
    OWN_NUMBER,
    TODAY,
    Names,
    births,
    criteria,
    names,
    plain_names,
    summary,
)

BORN = date(2017, 4, 9)
FAMILY_WORDS = {level: words.format(field="family name") for level, words in NAME_WORDS.items()}
GIVEN_WORDS = {level: words.format(field="given name") for level, words in GIVEN_NAME_WORDS.items()}
full_postcodes = st.from_regex(r"[A-Z]{1,2}[1-9] [0-9][A-Z]{2}", fullmatch=True)
postcodes = full_postcodes | st.from_regex(r"[A-Z]{1,2}[1-9]", fullmatch=True)


def level(scored: Score, words: dict[str, str]) -> str:
    """The level whose words stand in the score."""
    return next((each for each, said in words.items() if said in scored.why), "other")


def family_level(asked: str, held: str) -> str:
    return level(score(criteria(family=asked), summary(((NameKind.LEGAL, "Zo", held),))), FAMILY_WORDS)


def given_level(asked: str, held: str) -> str:
    return level(score(criteria(given=asked), summary(((NameKind.LEGAL, held, "Quaye"),))), GIVEN_WORDS)


def born_level(asked: date, held: date) -> str:
    return level(score(criteria(date_of_birth=asked), summary(date_of_birth=held)), BORN_WORDS)


def postcode_level(asked: str, held: str) -> str:
    return level(score(criteria(postcode=asked), summary(postcode=held)), POSTCODE_WORDS)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Smith", "SMITH", "same"),
        ("O’Brien", "O'Brien", "same"),
        ("de Souza", "Desouza", "same"),
        ("Nguyen", "Nguyễn", "same"),
        ("Ivanov", "Иванов", "same"),
        ("Jones", "Smith-Jones", "half"),
        ("Mary", "Mary Jane", "half"),
        ("Smith Brown", "Smith-Jones", "half"),
        ("Hassan", "Al-Hassan", "half"),
        ("Brien", "O'Brien", "half"),
        ("Catherine", "Katherine", "known"),
        ("Mohammed", "Muhammad", "known"),
        ("Zhang", "Chang", "known"),
        ("Kowalska", "Kowalski", "sound"),
        ("Patel", "Patle", "sound"),
        ("Smith", "S", "initial"),
        ("Thompson", "Thomson", "slip"),
        ("Davies", "Clavies", "near"),
        ("Zofia", "Zosia", "slip"),
        ("Wilkinson", "Wilkerson", "near"),
        ("Smith", "Kowalski", "other"),
    ],
)
def test_name_level(one: str, other: str, expected: str) -> None:
    assert family_level(one, other) == family_level(other, one) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Mary", "Mary Jane", "same"),
        ("Jane", "Mary Jane", "half"),
        ("Mary Ann", "Mary Jane", "same"),
        ("Marie", "Mary Jane", "known"),
        ("Polly", "Mary Jane", "known"),
        ("M", "Mary Jane", "initial"),
    ],
)
def test_given_name_level_first_forename_is_the_name(one: str, other: str, expected: str) -> None:
    assert given_level(one, other) == given_level(other, one) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (date(2017, 4, 9), "same"),
        (date(2017, 9, 4), "swapped"),
        (date(2017, 4, 19), "slip"),
        (date(2017, 4, 8), "day_out"),
        (date(2017, 4, 10), "day_out"),
        (date(2017, 4, 16), "days_out"),
        (date(2017, 3, 9), "month_out"),
        (date(2017, 5, 9), "month_out"),
        (date(2016, 4, 9), "year_out"),
        (date(2018, 4, 9), "year_out"),
        (date(2007, 4, 9), "slip"),
        (date(2015, 8, 23), "other"),
    ],
)
def test_born_level(asked: date, expected: str) -> None:
    assert born_level(asked, BORN) == born_level(BORN, asked) == expected


def test_born_level_year_one_out_across_a_decade_is_no_slip_of_one_digit() -> None:
    assert born_level(date(2009, 4, 9), date(2010, 4, 9)) == "year_out"


@pytest.mark.parametrize(
    ("asked", "held", "expected"),
    [
        (date(2010, 5, 20), date(2010, 5, 19), "day_out"),
        (date(2016, 8, 1), date(2016, 7, 31), "day_out"),
        (date(2016, 1, 1), date(2015, 12, 31), "day_out"),
        (date(2016, 3, 2), date(2016, 2, 27), "days_out"),
        (date(2016, 1, 15), date(2015, 12, 15), "month_out"),
        (date(2017, 5, 31), date(2017, 4, 30), "month_out"),
        (date(2017, 10, 15), date(2017, 9, 15), "month_out"),
        (date(2016, 2, 29), date(2015, 2, 28), "year_out"),
    ],
)
def test_born_level_of_a_neighbour_whatever_it_does_to_the_digits(asked: date, held: date, expected: str) -> None:
    assert born_level(asked, held) == born_level(held, asked) == expected


def test_weights_of_a_date_fall_with_the_distance() -> None:
    born = WEIGHTS["born"]
    assert born["same"] > born["day_out"] > born["days_out"] > 0 > born["other"]
    assert born["year_out"] > born["slip"] < born["month_out"]


def test_born_level_first_of_january_stands_for_an_unknown_birthday() -> None:
    assert born_level(date(2017, 8, 23), date(2017, 1, 1)) == "year"
    assert born_level(date(2017, 1, 1), date(2017, 1, 1)) == "year"
    assert born_level(date(2016, 8, 23), date(2017, 1, 1)) == "other"


@pytest.mark.parametrize(
    ("asked", "held", "expected"), [(8, 8, "same"), (7, 8, "year_out"), (9, 8, "year_out"), (6, 8, "other")]
)
def test_age_level(asked: int, held: int, expected: str) -> None:
    born = date(TODAY.year - held, 1, 1)
    assert level(score(criteria(age=asked), summary(date_of_birth=born)), AGE_WORDS) == expected


@pytest.mark.parametrize(
    ("asked", "held", "expected"),
    [
        ("M33 4AB", "M33 4AB", "same"),
        ("M33 4AC", "M33 4AB", "slip"),
        ("M34 4AB", "M33 4AB", "slip"),
        ("M33 9XY", "M33 4AB", "district"),
        ("M33", "M33 4AB", "district"),
        ("M33 4", "M33 4AB", "district"),
        ("M33 5", "M33 4AB", "other"),
        ("M3", "M33 4AB", "other"),
        ("M34", "M33 4AB", "other"),
        ("OL1 2CD", "M33 4AB", "other"),
        ("M33 4AB", "", "other"),
        ("M33", "", "other"),
    ],
)
def test_postcode_level(asked: str, held: str, expected: str) -> None:
    assert postcode_level(asked, held) == expected


@given(plain_names, plain_names)
@settings(deadline=None)
def test_level_of_names_of_one_word_is_symmetric(one: str, other: str) -> None:
    """Of several words it is not: any of those asked may agree with all that the bearer of the name goes by."""
    assert family_level(one, other) == family_level(other, one)


@given(
    births.filter(lambda day: (day.month, day.day) != (1, 1)), births.filter(lambda day: (day.month, day.day) != (1, 1))
)
def test_born_level_is_symmetric(one: date, other: date) -> None:
    assert born_level(one, other) == born_level(other, one)


@given(full_postcodes, full_postcodes)
def test_postcode_level_is_symmetric(one: str, other: str) -> None:
    assert postcode_level(one, other) == postcode_level(other, one)


@given(names, names, births, st.none() | st.integers(0, 18), postcodes, st.sampled_from([None, *Gender]))
@settings(deadline=None)
def test_score_is_bounded(
    given_name: str, family_name: str, born: date, age: int | None, postcode: str, gender: Gender | None
) -> None:
    asked = criteria(
        given=given_name, family=family_name, date_of_birth=born, age=age, postcode=postcode, gender=gender
    )
    lowest = sum(min(levels.values()) for levels in map(WEIGHTS.get, WEIGHTS["mistakes"])) - 1
    for filed in (summary(), summary(((NameKind.LEGAL, given_name, family_name),), date_of_birth=born)):
        assert lowest <= score(asked, filed).bits <= ideal(asked) + WEIGHTS["postcode"]["district"]


def test_ideal_is_what_a_child_scores_who_fits() -> None:
    for given_values in (
        {"given": "Amina", "family": "Hussain", "date_of_birth": BORN},
        {"family": "Hussain", "postcode": "M33 4AB"},
        {"given": "Amina", "family": "Hussain", "age": 8, "gender": Gender.FEMALE},
        {"given": "Amina", "family": "Hussain", "postcode": "M33"},
        {"given": "Amina", "family": "Hussain", "year_of_birth": 2017, "age": 8},
        {"given": "Amina", "family": "Hussain", "year_of_birth": 2017, "month_of_birth": 4, "age": 8},
        {"number": NHS_NUMBER},
        {"number": OWN_NUMBER, "family": "Hussain", "date_of_birth": BORN, "age": 3},
    ):
        asked = criteria(**given_values)
        assert score(asked, summary()).bits == ideal(asked)


FULL_QUERY: dict[str, object] = {
    "given": "Amina",
    "family": "Hussain",
    "date_of_birth": BORN,
    "gender": Gender.FEMALE,
    "postcode": "M33 4AB",
}
WRONG: dict[str, object] = {
    "given": "Bartholomew",
    "family": "Kowalski",
    "date_of_birth": date(2009, 11, 23),
    "gender": Gender.MALE,
    "postcode": "OL1 2CD",
}


@pytest.mark.parametrize("field", FULL_QUERY)
def test_score_field_that_disagrees_lowers_and_never_vetoes(field: str) -> None:
    left_out = {name: value for name, value in FULL_QUERY.items() if name != field}
    disagreeing = score(criteria(**{**FULL_QUERY, field: WRONG[field]}), summary()).bits
    assert disagreeing < score(criteria(**left_out), summary()).bits
    assert disagreeing >= WEIGHTS["shown_from"]


def test_score_child_without_gender_or_postcode_is_hardly_lowered() -> None:
    asked = criteria(**FULL_QUERY)
    unknown = summary(gender=Gender.NOT_SPECIFIED, postcode="")
    assert score(asked, unknown).bits > score(asked, summary(gender=Gender.MALE, postcode="")).bits
    assert score(asked, unknown).bits >= WEIGHTS["shown_from"]


def bits(given_name: str, family_name: str, born: date, kind: NameKind = NameKind.LEGAL) -> float:
    filed: Names = ((kind, given_name, family_name),)
    return score(
        criteria(given="Catherine", family="Thompson", date_of_birth=BORN), summary(filed, date_of_birth=born)
    ).bits


def test_score_orders_as_a_person_would() -> None:
    best_first = [
        bits("Catherine", "Thompson", BORN),
        bits("Thompson", "Catherine", BORN),
        bits("Katherine", "Thompson", BORN),
        bits("Katherine", "Thomson", BORN),
        bits("Katherine", "Thomson", date(2017, 9, 4)),
        bits("Katherine", "Thomson", date(2016, 4, 9)),
        bits("Katherine", "Thomson", date(2009, 11, 23)),
        bits("Bartholomew", "Thomson", date(2009, 11, 23)),
        bits("Bartholomew", "Kowalski", date(2009, 11, 23)),
    ]
    assert best_first == sorted(best_first, reverse=True)
    assert len(set(best_first)) == len(best_first)


@pytest.mark.parametrize("held", [("Suharto", ""), ("", "Suharto")])
def test_score_of_a_child_of_one_name_loses_nothing_for_the_other(held: tuple[str, str]) -> None:
    filed = summary(((NameKind.LEGAL, *held),))
    alone = score(criteria(given="Suharto", date_of_birth=BORN), filed)
    for asked in (("Suharto", "Suharto"), ("Suharto", "Wijaya"), ("Wijaya", "Suharto")):
        scored = score(criteria(given=asked[0], family=asked[1], date_of_birth=BORN), filed)
        assert scored.names_somebody
        assert scored.bits >= alone.bits - 1
    another = score(criteria(given="Bambang", family="Wijaya", date_of_birth=BORN), filed)
    assert not another.names_somebody


def test_score_names_the_other_way_round_says_so() -> None:
    swapped = score(criteria(given="Hussain", family="Amina", date_of_birth=BORN), summary())
    assert "names the other way round" in swapped.why
    straight = score(criteria(given="Amina", family="Hussain", date_of_birth=BORN), summary())
    assert "names the other way round" not in straight.why


@pytest.mark.parametrize(
    ("kind", "words"),
    [(NameKind.FORMER, "by a former name"), (NameKind.KNOWN_AS, "by a name they are known as"), (NameKind.LEGAL, None)],
)
def test_score_says_which_name_matched(kind: NameKind, words: str | None) -> None:
    filed = summary(((NameKind.LEGAL, "Zo", "Quaye"), (kind, "Amina", "Hussain")))
    why = score(criteria(given="Amina", family="Hussain", date_of_birth=BORN), filed).why
    assert why[:2] == ("same family name", "same given name")
    assert [each for each in why if each.startswith("by ")] == ([words] if words else [])


def test_score_says_why_in_words_that_repeat_no_value() -> None:
    asked = criteria(given="Amyna", family="Hussein", date_of_birth=date(2017, 9, 4), postcode="M33", number=NHS_NUMBER)
    assert score(asked, summary()).why == (
        "family name is another spelling",
        "given name sounds the same",
        "same number",
        "day and month of birth swapped",
        "same area",
    )
    assert score(criteria(family="Hussain", age=9), summary()).why == ("same family name", "about that age")


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("family", NAME_WORDS),
        ("given", NAME_WORDS),
        ("born", BORN_WORDS),
        ("month_of_birth", MONTH_WORDS),
        ("year_of_birth", YEAR_WORDS),
        ("age", AGE_WORDS),
        ("postcode", POSTCODE_WORDS),
        ("street", STREET_WORDS),
    ],
)
def test_score_each_level_has_a_weight_and_each_agreement_words(field: str, words: dict[str, str]) -> None:
    assert set(WEIGHTS[field]) == {*words, "other"}
    # A second forename in another form is more than nothing, but others have one too.
    agreeing = [bits for level, bits in WEIGHTS[field].items() if level not in ("part", "other")]
    assert WEIGHTS[field]["other"] < 0 < min(agreeing)
    assert WEIGHTS[field].get("part", 0) > WEIGHTS[field]["other"]
    assert WEIGHTS[field]["same"] == max(WEIGHTS[field].values())


@pytest.mark.parametrize(
    ("house", "street", "expected"),
    [
        ("33", "Oak Rd", "same"),
        ("33", "Oak", "same"),
        ("33", "Oak Close", "kind"),
        ("35", "Oak Road", "street"),
        ("33", "Elm Road", "other"),
    ],
)
def test_street_level(house: str, street: str, expected: str) -> None:
    scored = score(criteria(family="Hussain", house=house, street=street), summary(lines="Flat 2, 33 Oak Road"))
    assert level(scored, STREET_WORDS) == expected


def test_weights_say_where_they_come_from() -> None:
    assert isinstance(WEIGHTS["version"], int)
    assert "seed" in WEIGHTS["source"]
    for field, shares in WEIGHTS["mistakes"].items():
        assert sum(shares.values()) == pytest.approx(1)
        assert set(shares) | {"initial"} >= set(WEIGHTS[field])


def test_question_scores_as_a_single_score_does_whatever_came_before() -> None:
    question = Question(criteria(**FULL_QUERY))
    filed = [summary(), summary(((NameKind.LEGAL, "Amena", "Husain"),)), summary(date_of_birth=date(2017, 9, 4))]
    assert [question.score(each) for each in (*filed, *filed)] == [score(question.criteria, each) for each in filed] * 2


def test_score_place_and_date_alone_name_nobody() -> None:
    asked = criteria(family="Kowalski", date_of_birth=BORN, postcode="M33 4AB")
    assert not score(asked, summary()).names_somebody
    assert score(criteria(family="Hussein", date_of_birth=BORN), summary()).names_somebody
    assert score(criteria(number=NHS_NUMBER), summary()).names_somebody
