"""Examining on a real database: what is kept of which events, exactly once, whatever happens meanwhile."""

import threading
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction

from access.models import OrganisationKind
from access.people.traits import Rare
from audit.events import EventKind
from contactpoint.local import servers as local_servers
from registry.traits.values import Involved
from review.examining import cursor, writing
from review.examining.examiner import Examiner
from review.examining.growth import Growth
from review.models import Case, Explanation, Finding, Sampled, State, Tally
from review.rules.weights import weights
from tests.integration.examining.history import (
    AUTHORITY,
    COLLEAGUE,
    ELSEWHERE,
    MONDAY,
    OTHER_SCHOOL,
    SCHOOL,
    SEALED,
    TEACHER,
    History,
)

PUPIL, STRANGER, AT_HOME = 1000, 1001, 1002
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE = MONDAY.date().toordinal() - 300


def fill(history: History) -> None:
    """A pupil, a child of another school, and one who lives with the teacher and is nobody's."""
    history.child(PUPIL, involved=(Involved(SCHOOL, 1, SINCE, 0),))
    history.child(STRANGER, involved=(Involved(OTHER_SCHOOL, 1, SINCE, 0),))
    history.child(AT_HOME, homes=(5,), postcodes=(6,))
    history.server.execute("DELETE FROM access_user WHERE id = %s", [TEACHER])
    history.person(TEACHER, homes=(5,), postcodes=(6,))


def states() -> dict[int, str]:
    return dict(Explanation.objects.order_by("event_id").values_list("child_id", "state"))


def counted() -> dict[str, float]:
    return dict(Finding.objects.filter(person_id=TEACHER).values_list("rule", "counts"))


def test_an_access_is_explained_or_held_and_what_is_near_is_found(log: str, history: History) -> None:
    fill(history)
    for number, child in enumerate((PUPIL, STRANGER, AT_HOME)):
        history.event(child_id=child, after=HOUR * number)
    assert Examiner().examine() == 3
    assert states() == {PUPIL: State.AT_ONCE, STRANGER: State.HELD, AT_HOME: State.HELD}
    assert counted() == {"same_home": 9, "out_of_area": 1.5}
    tally = Tally.objects.get(user_id=TEACHER)
    assert (tally.opened, tally.hours, tally.kind) == (3, 0b111 << 9, "school")


def test_it_goes_on_where_it_stopped(log: str, history: History) -> None:
    fill(history)
    examiner = Examiner()
    history.event(child_id=PUPIL)
    assert (examiner.examine(), examiner.examine()) == (1, 0)
    history.event(child_id=PUPIL, after=HOUR)
    assert Examiner().examine() == 1
    assert Tally.objects.get(user_id=TEACHER).opened == 1, "the same child on the same day"


def test_an_involvement_within_the_week_clears_what_was_held(log: str, history: History) -> None:
    fill(history)
    history.event(child_id=STRANGER)
    Examiner().examine()
    assert counted() == {"out_of_area": 1.5}
    history.event(EventKind.INVOLVEMENT_RECORDED, child_id=STRANGER, after=DAY * 3)
    Examiner().examine()
    explanation = Explanation.objects.get()
    assert (explanation.state, explanation.codes) == (State.LATER, ["recorded_after"])
    assert (explanation.explained_at, explanation.held_until) == (MONDAY + DAY * 3, None)
    assert counted() == {"out_of_area": 0}


def test_when_the_week_is_over_there_is_a_case(log: str, history: History) -> None:
    """Near, unexplained and out of area; one alone would not do."""
    fill(history)
    history.child(AT_HOME, homes=(5,), postcodes=(6,), involved=(Involved(OTHER_SCHOOL, 1, SINCE, 0),))
    history.event(child_id=AT_HOME)
    Examiner().examine()
    assert not Case.objects.exists()
    history.clock(after=DAY * 7 + HOUR)
    Examiner().examine()
    assert states() == {AT_HOME: State.UNEXPLAINED}
    case = Case.objects.get()
    assert (case.person_id, case.organisation_id, case.growing) == (TEACHER, SCHOOL, True)
    assert case.score == pytest.approx(sum(counted().values()))
    assert set(Finding.objects.values_list("case", flat=True)) == {case.pk}
    assert Tally.objects.get(user_id=TEACHER).unexplained == 1
    assert list(Case.objects.ranked(case.score)) == [case]
    assert not Case.objects.ranked(case.score + 1).exists()


def test_what_is_found_after_a_case_was_closed_begins_another(log: str, history: History) -> None:
    test_when_the_week_is_over_there_is_a_case(log, history)
    Case.objects.update(growing=False)
    before = history.kept()["findings"]
    history.event(child_id=AT_HOME, after=DAY * 8)
    history.clock(after=DAY * 16)
    Examiner().examine()
    assert list(Case.objects.order_by("id").values_list("growing", flat=True)) == [False, True]
    assert [each for each in before if each not in history.kept()["findings"]] == []


def test_a_person_who_became_less_suspect_leaves_the_queue(log: str, history: History) -> None:
    fill(history)
    history.child(AT_HOME, homes=(5,), telephones=(8,))
    history.server.execute("DELETE FROM access_user WHERE id = %s", [TEACHER])
    history.person(TEACHER, homes=(5,), telephones=(8,))
    history.event(child_id=AT_HOME)
    Examiner().examine()
    assert Case.objects.get().urgent_at is not None
    history.event(EventKind.INVOLVEMENT_RECORDED, child_id=AT_HOME, after=HOUR)
    Examiner().examine()
    assert (Case.objects.get().score, Case.objects.get().urgent_at) == (8.5, None)


def test_case_that_grows_says_so_and_one_of_which_less_is_left_does_not(log: str, history: History) -> None:
    """Nobody closes what they have not seen (review_date_casework), and a reason that comes hinders nobody."""
    fill(history)
    history.server.execute("DELETE FROM access_user WHERE id = %s", [TEACHER])
    history.person(TEACHER, homes=(5,), telephones=(8,))
    for child in (AT_HOME, AT_HOME + 1000):
        history.child(child, homes=(5,), telephones=(8,))

    def grown(child: int, kind: EventKind = EventKind.CHILD_OPENED) -> int:
        history.event(kind, child_id=child, after=HOUR)
        Examiner().examine()
        return int(Case.objects.get().growth)

    first = grown(AT_HOME)
    assert grown(AT_HOME) == first, "the same was found again"
    history.server.execute("UPDATE review_finding SET counts = counts / 2 WHERE child_id = %s", [AT_HOME])
    heavier = grown(AT_HOME)
    assert heavier > first, "what was found weighs more"
    more = grown(AT_HOME + 1000)
    assert more > heavier, "more was found"
    assert grown(AT_HOME, EventKind.INVOLVEMENT_RECORDED) == more, "less is left of it"


def test_nobody_decides_about_a_case_to_which_more_is_being_added(log: str, history: History) -> None:
    """What was decided a moment before would otherwise be closed with what nobody saw."""
    case = Case.objects.create(person_id=TEACHER, opened_at=MONDAY, last_at=MONDAY, score=14)
    with transaction.atomic():
        assert Growth.of([TEACHER], []).cases == [case.pk]
        with pytest.raises(psycopg.errors.LockNotAvailable):
            history.server.execute("SELECT FROM review_case FOR NO KEY UPDATE NOWAIT")


def test_killed_in_the_middle_it_keeps_nothing_and_then_everything_once(
    log: str, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(history)
    for number in range(3):
        history.event(child_id=PUPIL + number, after=HOUR * number)
    before = history.kept()
    with monkeypatch.context() as broken:
        broken.setattr(writing, "score", interrupt)
        with pytest.raises(KeyboardInterrupt):
            Examiner().examine()
    assert history.kept() == before
    assert Examiner().examine() == 3
    assert Tally.objects.get(user_id=TEACHER).opened == 3


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_two_at_once_examine_everything_once(log: str, history: History) -> None:
    fill(history)
    for number in range(40):
        history.event(child_id=PUPIL, after=HOUR * number)
    examined: list[int] = []

    def run() -> None:
        from django.db import connection

        try:
            examined.append(Examiner().examine())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    examined.append(Examiner().examine())
    assert sum(examined) == 40
    assert Explanation.objects.count() == 40


def test_what_still_runs_is_waited_for(log: str, history: History, cluster: local_servers.Servers) -> None:
    fill(history)
    with psycopg.connect(cluster.database_address("worker", log)) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        history.event(child_id=PUPIL)
        assert Examiner().examine() == 0, "an earlier transaction may still write"
        slow.commit()
        assert Examiner().examine() == 1


def several_days(history: History, *, days: range = range(28)) -> None:
    """Two people, four weeks or some days of them, everything that is kept."""
    if days.start == 0:
        fill(history)
        history.server.execute("DELETE FROM access_user WHERE id = %s", [COLLEAGUE])
        history.person(COLLEAGUE, telephones=(8,))
        history.child(1003, telephones=(8,), homes=(9,), postcodes=(6,))
    for number in days:
        at = DAY * number
        trail = f"00000000-0000-4000-8000-{number:012}"
        history.event(EventKind.CHILD_LISTED, child_id=None, shown=[PUPIL, AT_HOME], trail=trail, after=at)
        history.event(child_id=PUPIL, after=at + HOUR)
        history.event(child_id=(AT_HOME, STRANGER, 1003)[number % 3], after=at + HOUR * 2, session_id=8)
        history.event(EventKind.CHILD_SHOWN, child_id=1003, actor_id=COLLEAGUE, after=at + HOUR * 3)
        history.event(child_id=1003, actor_id=COLLEAGUE, after=at + HOUR * 3)
        if number % 3 == 0:
            at_four = at + HOUR * 4
            history.event(EventKind.CHILD_LISTED, child_id=None, shown=[4, AT_HOME], session_id=9, after=at_four)
            history.event(child_id=AT_HOME, session_id=9, after=at_four + timedelta(minutes=1))
        if number % 5 == 0:
            history.event(EventKind.INVOLVEMENT_RECORDED, child_id=STRANGER, after=at + HOUR * 5)
            history.event(EventKind.ACCESS_REFUSED, child_id=4, outcome="not_permitted", after=at + HOUR * 6)
        if number % 11 == 0:
            history.event(EventKind.INVOLVEMENT_WITHDRAWN, child_id=STRANGER, after=at + HOUR * 7)
    if days.stop == 28:
        history.event(EventKind.USER_LEFT, actor_id=5, child_id=None, user_id=COLLEAGUE, after=DAY * 28)


def test_however_it_is_cut_into_batches_the_same_comes_of_it(
    log: str, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    several_days(history)
    Examiner().examine()
    whole = history.kept()
    assert len(whole["cases"]) == 2
    assert {state for *_, state, _codes, _held, _at in whole["explanations"]} == {
        "at_once",
        "held",
        "later",
        "unexplained",
    }
    forget(history)
    monkeypatch.setattr(cursor, "BATCH", 3)
    Examiner().examine()
    assert different(whole, history.kept()) == {}


def forget(history: History) -> None:
    history.server.execute(
        "TRUNCATE review_explanation, review_finding, review_case, review_casework, review_personresult,"
        " review_question, review_tally, review_recorded, review_sampled"
    )
    history.server.execute("UPDATE review_cursor SET before_transaction = '0'")


def different(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """What is in one of them and not in the other."""
    found = {
        name: [row for row in one[name] if row not in other[name]]
        + [row for row in other[name] if row not in one[name]]
        for name in one
        if name != "cursor"
    }
    return {name: rows for name, rows in found.items() if rows}


def of_days() -> dict[str, float]:
    """What is found of whole days, and is more than nothing."""
    return dict(Finding.objects.filter(child_id=None, counts__gt=0).values_list("rule", "counts"))


def once_and_one_by_one(history: History, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, float], dict[str, float]]:
    """What is found where all is one batch, and where each event is one."""
    Examiner().examine()
    whole = of_days()
    forget(history)
    monkeypatch.setattr(cursor, "BATCH", 1)
    Examiner().examine()
    return whole, of_days()


def test_sessions_used_in_turns_are_found_in_whatever_batches(
    log: str, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first return within the half hour is one to a session that was left before that half hour began."""
    fill(history)
    for minute, session in ((0, 7), (14, 8), (28, 7), (32, 8), (36, 7), (40, 8), (44, 7), (48, 8), (57, 7)):
        after = timedelta(minutes=minute)
        history.event(EventKind.CHILD_LISTED, child_id=None, shown=[PUPIL], session_id=session, after=after)
    whole, one_by_one = once_and_one_by_one(history, monkeypatch)
    assert whole["shared_account"] == one_by_one["shared_account"] == pytest.approx(0.75 * 2)


def test_who_searches_first_and_opens_then_has_not_fished(
    log: str, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(history)
    for number in range(8):
        trail = f"00000000-0000-4000-8000-{number:012}"
        after = timedelta(minutes=number)
        history.event(EventKind.CHILD_LISTED, child_id=None, shown=[2000 + number], trail=trail, after=after)
    Examiner().examine()
    assert of_days()["fishing"] > 3
    for number in range(8):
        history.event(child_id=2000 + number, after=timedelta(minutes=10 + number))
    assert once_and_one_by_one(history, monkeypatch) == ({}, {})
    assert Finding.objects.get(rule="fishing").counts == 0


def test_a_damaged_row_of_traits_stops_nobody(log: str, history: History) -> None:
    fill(history)
    history.server.execute("UPDATE registry_childtraits SET traits = %s WHERE child_id = %s", [SEALED, PUPIL])
    history.event(child_id=PUPIL)
    history.event(child_id=AT_HOME, after=HOUR)
    assert Examiner().examine() == 2
    assert states() == {PUPIL: State.HELD, AT_HOME: State.HELD}


def test_explained_accesses_are_sampled_by_a_key(log: str, history: History) -> None:
    fill(history)
    with history.server.transaction():
        for number in range(1500):
            history.event(child_id=PUPIL, after=timedelta(seconds=number))
    history.event(child_id=AT_HOME)
    Examiner().examine()
    assert 2 <= Sampled.objects.count() <= 40
    explained = set(Explanation.objects.filter(state=State.AT_ONCE).values_list("event_id", flat=True))
    assert set(Sampled.objects.values_list("event_id", flat=True)) <= explained


def test_a_sister_opened_in_the_batch_before_explains(log: str, history: History) -> None:
    fill(history)
    for child, involved in ((PUPIL, (Involved(SCHOOL, 1, SINCE, 0),)), (AT_HOME, ())):
        history.child(child, homes=(9,), guardians=(Rare(7, 12),), involved=involved)
    history.event(child_id=PUPIL)
    Examiner().examine()
    history.event(child_id=AT_HOME, after=timedelta(minutes=2))
    Examiner().examine()
    assert Explanation.objects.get(child_id=AT_HOME).codes == ["sibling"]


def test_an_account_that_slept_for_longer_than_is_looked_back_wakes(log: str, history: History) -> None:
    """One that is new has no past, and does not wake."""
    history.server.execute(
        "CREATE TABLE audit_event_2025_07 PARTITION OF audit_event"
        " FOR VALUES FROM ('2025-07-01 00:00+00') TO ('2025-08-01 00:00+00')"
    )
    fill(history)
    history.event(child_id=STRANGER, after=-DAY * 240)
    Examiner().examine()
    for actor in (TEACHER, COLLEAGUE):
        history.event(child_id=STRANGER, actor_id=actor)
    Examiner().examine()
    assert set(Finding.objects.filter(rule="dormant").values_list("person_id", flat=True)) == {TEACHER}


def strangers(history: History, number: int, *, first: int = 0, after: timedelta = timedelta()) -> None:
    """So many people of an organisation each open the record, an hour after each other."""
    for each in range(first, first + number):
        history.organisation(600 + each, OrganisationKind.HOSPITAL, AUTHORITY)
        history.person(500 + each, 600 + each)
        history.event(child_id=STRANGER, actor_id=500 + each, organisation_id=600 + each, after=after + HOUR * each)


def test_a_child_whom_many_strangers_look_up_is_a_case_that_names_them(log: str, history: History) -> None:
    fill(history)
    strangers(history, 5)
    Examiner().examine()
    case = Case.objects.get(child_id=STRANGER)
    assert (case.person_id, case.organisation_id, case.authority_id) == (None, None, AUTHORITY)
    assert case.score >= weights().score.threshold
    assert set(case.findings.values_list("person_id", "rule")) == {(500 + each, "in_the_news") for each in range(5)}
    assert not Case.objects.filter(person_id__isnull=False).exists(), "what is about the child is about none of them"
    before = case.score
    history.event(EventKind.INVOLVEMENT_RECORDED, child_id=STRANGER, actor_id=500, organisation_id=600, after=DAY)
    Examiner().examine()
    case.refresh_from_db()
    assert case.score == pytest.approx(before * 4 / 5, rel=0.02), "one of them works with the child"


def test_of_each_authority_a_childs_case_falls_by_itself(log: str, history: History) -> None:
    """What is long over for the people of one counts for nothing, though those of another have only begun."""
    fill(history)
    strangers(history, 5)
    Examiner().examine()
    long_after = timedelta(days=weights().score.days + 1)
    month = (MONDAY + long_after).replace(day=1)
    history.server.execute(
        "CREATE TABLE audit_event_later PARTITION OF audit_event"
        f" FOR VALUES FROM ('{month:%Y-%m-%d} 00:00+00') TO ('{month + timedelta(days=62):%Y-%m-%d} 00:00+00')"
    )
    for each in range(5):
        history.organisation(700 + each, OrganisationKind.HOSPITAL, ELSEWHERE)
        history.person(800 + each, 700 + each)
        after = long_after + HOUR * each
        told = {"actor_id": 800 + each, "organisation_id": 700 + each, "authority_id": ELSEWHERE}
        history.event(child_id=STRANGER, after=after, **told)
    Examiner().examine()
    scores = dict(Case.objects.filter(child_id=STRANGER).values_list("authority_id", "score"))
    assert scores[AUTHORITY] == 0
    assert scores[ELSEWHERE] >= weights().score.threshold


def test_closed_case_of_a_child_keeps_what_it_stands_on(log: str, history: History) -> None:
    fill(history)
    strangers(history, 5)
    Examiner().examine()
    Case.objects.update(growing=False)
    before = history.kept()["findings"]
    strangers(history, 3, first=5, after=DAY)
    Examiner().examine()
    assert [each for each in before if each not in history.kept()["findings"]] == []
    assert set(Finding.objects.filter(case=None, rule="in_the_news").values_list("person_id", flat=True)) == {
        505,
        506,
        507,
    }


def test_a_child_of_two_strangers_is_no_case(log: str, history: History) -> None:
    fill(history)
    strangers(history, 2)
    history.event(child_id=STRANGER, actor_id=TEACHER, after=DAY * 12)
    Examiner().examine()
    assert not Case.objects.exists()
