"""Searching: whoever is shown is recorded, whoever is recorded was shown, and nobody trawls."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, connection

from access.rules.errors import NotPermittedError
from audit.events import EventKind, Outcome
from audit.models import Event
from audit.recorder import open_criteria, record_first
from encryption.errors import ValueDamagedError
from registry.actions.finding import search
from registry.search import index
from registry.search.corroborating import Wanted
from registry.search.criteria import Criteria
from registry.search.find import Found
from registry.tasks import clear_draws
from registry.vocabulary import NameKind
from tests.conftest import OwnerContext, as_owner_here, as_worker
from tests.integration.registry.people import (
    BORN,
    HOME,
    NHS_NUMBER,
    PUPIL_NUMBER,
    AddChildren,
    RefuseEvents,
    Town,
    criteria,
    draft,
    full_draft,
    name,
    numbers,
)
from tests.log import events

TRAIL = UUID(int=7)
BY_NAME_AND_DATE = {"given": "Amina", "family": "Hussain", "date_of_birth": BORN}


def ask(town: Town, who: str = "teacher", **given: object) -> Found:
    return search(actor=town.actor(who), criteria=criteria(**given), trail=TRAIL)


def found_ids(found: Found) -> list[int]:
    return [match.child_id for match in found.matches]


def searches() -> list[Event]:
    """What was asked."""
    return events(kind=EventKind.CHILD_SEARCHED)


def listings() -> list[Event]:
    """What was shown."""
    return events(kind=EventKind.CHILD_LISTED)


def test_search_records_every_child_shown_in_order(town: Town, add: AddChildren) -> None:
    slip, right, _stranger = add(
        draft(town, given="Amima"),
        draft(town),
        draft(town, given="Oliver", family="Abbott", date_of_birth=date(2010, 1, 5)),
    )
    found = ask(town, **BY_NAME_AND_DATE)
    assert found_ids(found) == [right.pk, slip.pk]
    (asked,), (listed,) = searches(), listings()
    assert asked.pk < listed.pk, "what is asked is recorded before anything is found"
    assert (asked.shown, listed.shown) == ([], found_ids(found))
    actor = town.actor()
    for event in (asked, listed):
        assert (event.actor_id, event.organisation_id, event.authority_id) == (
            actor.user_id,
            actor.organisation_id,
            actor.authority_id,
        )
        assert (event.outcome, event.trail, event.request_id) == (Outcome.DONE, TRAIL, actor.request_id)


def test_search_keeps_what_was_asked_sealed(town: Town, add: AddChildren) -> None:
    add(draft(town))
    asked: dict[str, object] = {**BY_NAME_AND_DATE, "postcode": HOME}
    ask(town, **asked)
    (event,) = searches()
    told = open_criteria(bytes(event.criteria), writer_id=event.writer, number=event.number)
    assert told == criteria(**asked).to_log()
    assert [listed.criteria for listed in listings()] == [None]
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("select row_to_json(audit_event)::text, criteria from audit_event where id = %s", [event.pk])
        told, sealed = cursor.fetchone()
    for typed in ("Amina", "Hussain", "2017-04-09", "M33"):
        assert typed not in told
        assert typed.encode() not in bytes(sealed)


def test_search_that_finds_nobody_is_recorded_too(town: Town, add: AddChildren) -> None:
    add(draft(town))
    found = ask(town, given="Oliver", family="Abbott", date_of_birth=date(2010, 1, 5))
    assert (found.matches, found.refine) == ((), ""), "whoever shares a token by chance is examined, and not shown"
    (event,) = listings()
    assert (event.outcome, event.shown) == (Outcome.NO_MATCH, [])
    assert len(searches()) == 1


@pytest.mark.parametrize("refused", [EventKind.CHILD_SEARCHED, EventKind.CHILD_LISTED])
def test_search_that_cannot_be_recorded_shows_nothing(
    town: Town, add: AddChildren, refuse_events: RefuseEvents, refused: EventKind
) -> None:
    add(draft(town))
    assert ask(town, **BY_NAME_AND_DATE).matches
    refuse_events(refused)
    with pytest.raises(IntegrityError, match="log_full"):
        ask(town, **BY_NAME_AND_DATE)
    asked_before = 1 if refused == EventKind.CHILD_SEARCHED else 2
    assert (len(searches()), len(listings())) == (asked_before, 1)


def test_search_that_cannot_be_shown_stays_recorded_and_lists_nobody(
    town: Town, add: AddChildren, as_owner: OwnerContext
) -> None:
    one, other = add(draft(town), draft(town, given="Ameena"))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "update registry_child set summary = (select summary from registry_child where id = %s) where id = %s",
            [one.pk, other.pk],
        )
    with pytest.raises(ValueDamagedError):
        ask(town, **BY_NAME_AND_DATE)
    assert (len(searches()), listings()) == (1, [])


@pytest.mark.parametrize("who", ["administrator"])
def test_search_is_refused_to_whom_it_is_not_permitted(town: Town, add: AddChildren, who: str) -> None:
    add(draft(town))
    with pytest.raises(NotPermittedError):
        ask(town, who, **BY_NAME_AND_DATE)
    assert searches() == []


def test_search_is_permitted_to_a_mediator(town: Town, add: AddChildren) -> None:
    (child,) = add(draft(town))
    assert found_ids(ask(town, "mediator", **BY_NAME_AND_DATE)) == [child.pk]


@pytest.mark.parametrize(
    "given",
    [
        {"given": "Amina", "family": "Hussain", "date_of_birth": BORN},
        {"given": "Hussain", "family": "Amina", "date_of_birth": BORN},
        {"given": "Amina", "family": "Malik", "date_of_birth": BORN},
        {"given": "Mina", "family": "Hussain", "date_of_birth": BORN},
        {"family": "Malik", "date_of_birth": BORN},
        {"given": "Amina", "family": "Hussain", "date_of_birth": date(2017, 9, 4)},
        {"given": "Amina", "family": "Hussain", "date_of_birth": date(2016, 4, 9)},
        {"given": "Ameena", "family": "Husein", "date_of_birth": BORN},
        {"given": "Amima", "family": "Hussain", "date_of_birth": date(2017, 9, 4)},
        {"given": "Amina", "family": "Hussain", "year_of_birth": 2017},
        {"given": "Hussain", "family": "Amina", "year_of_birth": 2016},
        {"given": "Amima", "family": "Hussaim", "year_of_birth": 2017, "month_of_birth": 4},
        {"given": "Amima", "family": "Hussaim", "date_of_birth": date(2017, 4, 10)},
        {"given": "amina", "family": "HUSSAIN", "postcode": "M33"},
        {"given": "Amina", "postcode": HOME},
        {"family": "Malik", "postcode": HOME},
        {"family": "Hussain", "house": "12", "street": "Hidden Ln"},
        {"family": "Hussain", "postcode": HOME[:-1] + "Z"},
        {"given": "Amina", "family": "Husain", "postcode": HOME[:-2]},
        {"given": "Amyna", "family": "Hussain", "date_of_birth": date(2007, 4, 9)},
        {"number": NHS_NUMBER},
        {"number": PUPIL_NUMBER},
        {"number": NHS_NUMBER, "family": "Abbott", "date_of_birth": date(2010, 1, 5)},
    ],
)
def test_search_finds_the_child_and_says_why(town: Town, add: AddChildren, given: dict[str, object]) -> None:
    child, *_others = add(
        full_draft(town), draft(town, given="Oliver", family="Abbott", date_of_birth=date(2010, 1, 5), addresses=())
    )
    found = ask(town, **given)
    assert found_ids(found)[:1] == [child.pk]
    assert found.matches[0].score.why


@pytest.mark.parametrize("years", [-1, 0, 1])
def test_search_by_a_guessed_age_finds_the_child(town: Town, add: AddChildren, years: int) -> None:
    (child,) = add(draft(town))
    asked = criteria()
    age = asked.today.year - BORN.year - ((asked.today.month, asked.today.day) < (BORN.month, BORN.day))
    assert found_ids(ask(town, given="Amina", family="Hussain", age=age + years)) == [child.pk]


def test_search_by_the_own_number_finds_the_child(town: Town, add: AddChildren) -> None:
    child, _other = add(draft(town), draft(town))
    assert found_ids(ask(town, number=child.number.open())) == [child.pk]


def test_search_finds_a_child_from_the_transaction_that_adds_them_on(town: Town, add: AddChildren) -> None:
    add(draft(town, given="Oliver", family="Abbott"))
    assert ask(town, **BY_NAME_AND_DATE).matches == ()
    (child,) = add(draft(town))
    assert found_ids(ask(town, **BY_NAME_AND_DATE)) == [child.pk]


def alike(town: Town, count: int, age: int = 8, **values: object) -> list[object]:
    """Children of one name and one age and a half, whatever day it is; a day apart."""
    about = criteria().today - timedelta(days=age * 365 + 182)
    return [draft(town, date_of_birth=about + timedelta(days=days), **values) for days in range(count)]


ASKED_BY_NAME_AND_AGE: dict[str, object] = {"given": "Amina", "family": "Hussain", "age": 8}


def test_search_shows_ten_at_most(town: Town, add: AddChildren) -> None:
    children = add(*alike(town, settings.SEARCH_RESULT_LIMIT))
    found = ask(town, **ASKED_BY_NAME_AND_AGE)
    assert sorted(found_ids(found)) == [child.pk for child in children]
    assert found.refine == ""


def test_search_with_too_many_matches_shows_none_and_says_what_helps(town: Town, add: AddChildren) -> None:
    add(*alike(town, settings.SEARCH_RESULT_LIMIT + 1))
    found = ask(town, **ASKED_BY_NAME_AND_AGE)
    assert found.matches == ()
    assert found.refine == "the date of birth"
    (event,) = listings()
    assert (event.outcome, event.shown) == (Outcome.TOO_MANY, [])


def test_search_with_too_many_matches_shows_those_who_fit_better_than_all_the_rest(
    town: Town, add: AddChildren
) -> None:
    *_others, one = add(*alike(town, settings.SEARCH_RESULT_LIMIT + 1), *alike(town, 1, age=9))
    found = ask(town, **ASKED_BY_NAME_AND_AGE | {"age": 9})
    assert (found_ids(found), found.refine) == ([one.pk], "")
    (listed,) = listings()
    assert (listed.outcome, listed.shown) == (Outcome.DONE, [one.pk])


def test_search_with_too_many_matches_shows_as_many_of_the_next_best_as_there_is_room_for(
    town: Town, add: AddChildren
) -> None:
    beside, digit_wrong = BORN + timedelta(days=1), BORN.replace(year=BORN.year - 2)
    drafts = (draft(town, date_of_birth=born) for born in (BORN, beside, *[digit_wrong] * settings.SEARCH_RESULT_LIMIT))
    first, second, *_further = add(*drafts)
    assert found_ids(ask(town, **BY_NAME_AND_DATE)) == [first.pk, second.pk]


def test_search_with_too_many_matches_helps_with_what_was_not_given(town: Town, add: AddChildren) -> None:
    add(*(draft(town, given=given) for given in ("Amina", "Aisha", "Alia", "Asma", "Ayan", "Adam") * 2))
    assert ask(town, family="Hussain", date_of_birth=BORN).refine == "the given name"


def test_search_by_place_shows_nobody_whose_names_are_others(town: Town, add: AddChildren) -> None:
    add(draft(town))
    assert ask(town, family="Kowalski", date_of_birth=BORN, postcode=HOME).matches == ()


# -------------------------------------------------------------------------------------------------- shielded


HIDDEN_QUERIES: list[dict[str, object]] = [
    {"family": "Hussain", "postcode": HOME},
    {"given": "Amina", "family": "Hussain", "postcode": "M33"},
    {"given": "Amina", "family": "Hussain", "date_of_birth": BORN, "postcode": HOME},
    {"given": "Amina", "family": "Hussain", "date_of_birth": BORN, "postcode": "OL1"},
    {"family": "Hussain", "house": "12", "street": "Hidden Lane"},
    {"given": "Amina", "family": "Hussain", "date_of_birth": BORN, "house": "12", "street": "Hidden Lane"},
    {"number": NHS_NUMBER},
    {"number": PUPIL_NUMBER},
    {"number": NHS_NUMBER, **BY_NAME_AND_DATE},
    {"number": PUPIL_NUMBER, **BY_NAME_AND_DATE},
]


@pytest.mark.parametrize("given", HIDDEN_QUERIES)
def test_search_by_a_hidden_field_goes_as_if_the_shielded_child_were_not_there(
    town: Town, add: AddChildren, given: dict[str, object]
) -> None:
    add(draft(town, given="Oliver", family="Abbott", date_of_birth=date(2010, 1, 5)))
    before = ask(town, **given)
    add(draft(town, numbers=numbers(), shielded_since=date(2026, 1, 5)))
    assert ask(town, **given) == before == Found((), examined=before.examined)
    first, second = listings()
    assert (first.outcome, first.shown) == (second.outcome, second.shown)


@pytest.mark.parametrize("given", HIDDEN_QUERIES[:3] + HIDDEN_QUERIES[4:])
def test_search_by_the_same_field_finds_a_child_who_is_not_shielded(
    town: Town, add: AddChildren, given: dict[str, object]
) -> None:
    (child,) = add(draft(town, numbers=numbers()))
    assert found_ids(ask(town, **given)) == [child.pk]


def test_search_by_visible_fields_finds_the_shielded_child_without_a_place(town: Town, add: AddChildren) -> None:
    (child,) = add(full_draft(town, shielded_since=date(2026, 1, 5)))
    for given in (BY_NAME_AND_DATE, {"family": "Hussain", "date_of_birth": BORN}, {"number": child.number.open()}):
        (match,) = ask(town, **given).matches
        assert match.child_id == child.pk
        summary = match.summary
        assert (summary.shielded, summary.town, summary.postcode, summary.numbers) == (True, "", "", ())


def test_search_by_a_hidden_field_weighs_others_as_if_the_shielded_child_were_not_there(
    town: Town, add: AddChildren
) -> None:
    """One who bears the name as it was asked makes a name a letter off less likely."""
    asked = {"given": "Amina", "family": "Hussain", "date_of_birth": BORN, "postcode": HOME}
    add(draft(town, given="Amuna"))
    (alone,) = ask(town, **asked).matches
    add(draft(town, numbers=numbers(), shielded_since=date(2026, 1, 5)))
    (beside,) = ask(town, **asked).matches
    assert beside.score == alone.score


def test_search_by_a_hidden_field_does_not_count_the_shielded_child(town: Town, add: AddChildren) -> None:
    add(*alike(town, settings.SEARCH_RESULT_LIMIT))
    add(*alike(town, 1, shielded_since=date(2026, 1, 5)))
    assert len(ask(town, given="Amina", family="Hussain", postcode="M33").matches) == settings.SEARCH_RESULT_LIMIT
    assert ask(town, **ASKED_BY_NAME_AND_AGE).refine


def test_search_by_a_hidden_number_that_shares_a_token_by_chance_still_hides_the_child(
    town: Town, add: AddChildren
) -> None:
    """Tokens are short on purpose: other children's numbers lead to this child too, in the index."""
    (child,) = add(draft(town, shielded_since=date(2026, 1, 5)))
    tokeniser = index.tokeniser()
    wanted = tokeniser.token("number", child.number.open())
    number = next(
        each for each in (f"{count:010d}" for count in range(10**6)) if tokeniser.token("number", each) == wanted
    )
    searched = record_first(EventKind.CHILD_SEARCHED, actor=town.actor())
    candidates = index.candidates(searched, Wanted(frozenset({tokeniser.token("number", number)})))
    assert [child_id for child_id, _version, _summary in candidates] == [child.pk]
    assert ask(town, number=number, **BY_NAME_AND_DATE) == Found((), examined=0)


def test_whom_searches_led_to_is_forgotten_after_a_minute(town: Town, add: AddChildren, as_owner: OwnerContext) -> None:
    add(draft(town))
    for age in (70, 50):
        ask(town, **BY_NAME_AND_DATE)
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("update search.draw set asked_at = asked_at - make_interval(secs => %s)", [age])
    with as_worker():
        clear_draws()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("select event_id from search.draw")
        assert {event_id for (event_id,) in cursor} == {searches()[-1].pk}


def test_trails_of_two_searches_are_their_own(town: Town, add: AddChildren) -> None:
    add(draft(town))
    for trail in (one := uuid4(), other := uuid4()):
        search(actor=town.actor(), criteria=criteria(**BY_NAME_AND_DATE), trail=trail)
    assert [event.trail for event in searches()] == [event.trail for event in listings()] == [one, other]


def test_names_of_one_child_do_not_make_two_matches(town: Town, add: AddChildren) -> None:
    (child,) = add(
        draft(town, names=[(NameKind.LEGAL, name("Amina", "Hussain")), (NameKind.KNOWN_AS, name("Amina", "Hussein"))])
    )
    assert found_ids(ask(town, **BY_NAME_AND_DATE)) == [child.pk]


def test_criteria_of_the_log_are_those_of_the_form() -> None:
    assert set(criteria(**BY_NAME_AND_DATE).to_log()) <= set(Criteria.__dataclass_fields__)
