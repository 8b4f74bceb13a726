"""Accesses that were drawn: judged by themselves, blind, and what rules are worth by what was decided."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import User
from audit.events import EventKind
from audit.reasons import Verdict
from audit.recorder import About, record
from review.models import Judgement, Sampled
from review.selectors.worth import range_of
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.review.casework import CASES, case_about, decide, drawn_access, judgements, take
from tests.integration.review.reading import text_of
from tests.log import events, last_event

WORTH = reverse("rules_worth")


def test_what_was_drawn_stands_in_the_queue_and_is_judged_once(visitor: Client, auditor: User, teacher: User) -> None:
    event_id = drawn_access(teacher)
    assert "An access to judge by itself" in text_of(visitor.get(CASES))
    address = reverse("judge_access", args=[event_id])
    said = text_of(visitor.get(address))
    assert "The child is at their school, college or nursery" in said
    assert last_event(kind=EventKind.LOG_READ).fields == [f"event.{event_id}"]
    assert "Choose how it looks" in text_of(visitor.post(address, {}))

    assert "What you say is noted." in text_of(visitor.post(address, {"verdict": "looks_fine"}, follow=True))

    assert [(each.event_id, each.verdict, each.judged_by_id) for each in judgements()] == [
        (event_id, "looks_fine", auditor.pk)
    ]
    told = last_event(kind=EventKind.CASE_JUDGED)
    assert (told.actor_id, told.user_id, told.reason) == (auditor.pk, teacher.pk, "looks_fine")
    assert "An access to judge" not in text_of(visitor.get(CASES))
    again = visitor.post(address, {"verdict": "looks_doubtful"}, follow=True)
    assert "Somebody else judged this access" in text_of(again)
    assert [each.verdict for each in judgements()] == ["looks_fine"]


def test_it_reads_the_same_whether_something_was_found_or_not(visitor: Client, teacher: User, stranger: User) -> None:
    nothing = drawn_access(teacher)
    case = case_about(teacher, children=[4712], codes=("pupil",))
    found = case.findings.values_list("event_id", flat=True)
    with as_owner_here():
        (event_id, *_) = found
        Sampled.objects.create(event_id=event_id, authority_id=teacher.organisation.authority_id, at=timezone.now())

    pages = [visitor.get(reverse("judge_access", args=[each])).content.decode() for each in (nothing, event_id)]
    lines = [page.partition("<dl")[2].partition("</dl>")[0].splitlines() for page in pages]

    differing = [(one, other) for one, other in zip(*lines, strict=True) if one != other]
    assert all("4711" in one or ":" in one for one, _ in differing), differing


def test_access_that_was_not_drawn_is_not_there(visitor: Client, teacher: User, stranger: User) -> None:
    case = case_about(teacher)
    with as_owner_here():
        event_id = case.findings.first().event_id
    elsewhere = drawn_access(stranger)

    for each in (event_id, elsewhere, 10**30):
        address = reverse("judge_access", args=[each])
        assert visitor.get(address).status_code == 404
        assert visitor.post(address, {"verdict": "looks_fine"}).status_code == 404
    assert judgements() == []
    assert "An access to judge" not in text_of(visitor.get(CASES))


def test_database_takes_no_judgement_but_beside_its_event(auditor: User, teacher: User, stranger: User) -> None:
    actor = factories.actor_for(auditor)
    own, elsewhere = drawn_access(teacher), drawn_access(stranger)
    put = (
        "insert into review_judgement (event_id, judged_by_id, judged_at, verdict) values (%s, %s, now(), 'looks_fine')"
    )

    def judge_beside(event_id: int, told: int) -> None:
        with transaction.atomic():
            about = About(fields=[f"event.{told}"], reason=Verdict.FINE, user_id=teacher.pk)
            record(EventKind.CASE_JUDGED, about, actor=actor)
            with connection.cursor() as cursor:
                cursor.execute(put, [event_id, actor.user_id])

    for event_id, told in ((own, elsewhere), (elsewhere, elsewhere)):
        with pytest.raises(DatabaseError, match="row-level security"):
            judge_beside(event_id, told)
    assert events(kind=EventKind.CASE_JUDGED) == []


def test_a_share_is_shown_only_of_enough_decisions(visitor: Client, teacher: User) -> None:
    case = case_about(teacher)
    take(visitor, case)
    decide(visitor, case, "in_order")

    said = text_of(visitor.get(WORTH))

    assert "own address Found 1 Decided 1 Misuse 0 Share Too few to say" in said
    assert last_event(kind=EventKind.LOG_READ).fields == ["rules"]


def test_what_was_judged_this_week_is_not_counted_yet(visitor: Client, teacher: User) -> None:
    event_id = drawn_access(teacher)
    visitor.post(reverse("judge_access", args=[event_id]), {"verdict": "looks_doubtful"})
    assert "Explained at once Judged 0 Looked doubtful 0" in text_of(visitor.get(WORTH))

    with as_owner_here():
        Judgement.objects.update(judged_at=timezone.now() - timedelta(days=8))
    assert "Explained at once Judged 1 Looked doubtful 1" in text_of(visitor.get(WORTH))


@pytest.mark.parametrize(
    ("some", "of", "least", "most"), [(0, 0, 0, 1), (0, 120, 0, 0.031), (10, 20, 0.299, 0.701), (20, 20, 0.838, 1)]
)
def test_range_of_a_share(some: int, of: int, least: float, most: float) -> None:
    assert range_of(some, of) == pytest.approx((least, most), abs=0.001)
