"""What is found becomes cases, of people and of children: when they begin, grow, fall and stay as they were decided."""

from datetime import timedelta

import psycopg
import pytest
from django.db import transaction

from access.models import OrganisationKind
from audit.events import EventKind
from registry.traits.values import Involved
from review.examining.examiner import Examiner
from review.examining.growth import Growth
from review.models import Case, Finding, State, Tally
from review.rules.weights import weights
from tests.integration.examining.history import (
    AUTHORITY,
    ELSEWHERE,
    MONDAY,
    OTHER_SCHOOL,
    SCHOOL,
    TEACHER,
    History,
)
from tests.integration.examining.scenes import AT_HOME, DAY, HOUR, SINCE, STRANGER, counted, fill, states, strangers


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
