"""Examining on a real database: what is kept of which events, exactly once, whatever happens meanwhile."""

import threading
from datetime import timedelta

import psycopg
import pytest

from access.people.traits import Rare
from audit.events import EventKind
from contactpoint.local import servers as local_servers
from registry.traits.values import Involved
from review.examining import cursor, writing
from review.examining.examiner import Examiner
from review.models import Explanation, Finding, Sampled, State, Tally
from tests.integration.examining.history import (
    COLLEAGUE,
    MONDAY,
    SCHOOL,
    SEALED,
    TEACHER,
    History,
)
from tests.integration.examining.scenes import (
    AT_HOME,
    DAY,
    HOUR,
    PUPIL,
    SINCE,
    STRANGER,
    counted,
    different,
    fill,
    forget,
    several_days,
    states,
)


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
    unexplained = history.event(child_id=AT_HOME)
    Examiner().examine()
    assert 2 <= Sampled.objects.count() <= 40
    explained = set(Explanation.objects.filter(state=State.AT_ONCE).values_list("event_id", flat=True))
    # One that nothing explained may be drawn as well, so that the others cannot be told from it.
    assert set(Sampled.objects.values_list("event_id", flat=True)) - {unexplained} <= explained


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
