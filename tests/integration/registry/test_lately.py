"""Records opened lately: one's own of this week, recorded and charged as a list of results, and nobody else's."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Measure, Role
from access.rules.errors import NotPermittedError
from audit.actors import Actor
from audit.errors import NoLiveSessionError, OverBudgetError, refusals
from audit.events import EventKind
from audit.reasons import Reason
from audit.recorder import About, record_first
from audit.tickets import Ticket
from registry.actions.finding import introduce, open_record
from registry.actions.recalling import recall
from registry.models import Child, Shield
from registry.policies.disclosure import summary_shown
from registry.values import SummaryName
from registry.vocabulary import NameKind
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import AddChildren, RefuseEvents, Town, draft
from tests.integration.registry.test_back_to_results import back_link
from tests.integration.registry.test_budgets import allow, used
from tests.integration.registry.visiting import Visitor, assert_plain_refusal, rows_of, text_of
from tests.log import events

LATELY = reverse("lately")


@pytest.fixture
def children(town: Town, add: AddChildren) -> list[Child]:
    """Twelve, so that not all fit; no two alike."""
    others = ["Boris", "Chloe", "Dmitri", "Esther", "Farouk", "Gwen", "Hiroshi", "Ingrid", "Jovan", "Kwame", "Lucia"]
    return add(draft(town), *(draft(town, given=name, family=f"{name}son") for name in others))


def open_one(actor: Actor, child: Child) -> None:
    open_record(actor=actor, child_id=child.pk, reason=Reason.SAFEGUARDING)


def let_time_pass(by: timedelta) -> None:
    """Let every event of the log have happened so much earlier."""
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_event SET at = at - %s", [by])


def test_last_opened_stand_first_each_once(town: Town, children: list[Child]) -> None:
    actor = town.actor()
    for child in (children[0], children[1], children[2], children[0]):
        open_one(actor, child)
    recalled = recall(actor=actor)
    assert [each.child_id for each in recalled] == [children[number].pk for number in (0, 2, 1)]
    assert [each.summary.names[0].given for each in recalled] == ["Amina", "Chloe", "Boris"]


def test_at_most_ten_are_shown(town: Town, children: list[Child]) -> None:
    actor = town.actor()
    for child in children:
        open_one(actor, child)
    assert [each.child_id for each in recall(actor=actor)] == [child.pk for child in reversed(children[2:])]


@pytest.mark.parametrize(("ago", "there"), [(timedelta(days=6, hours=23), True), (timedelta(days=7, hours=1), False)])
def test_after_a_week_they_are_gone(town: Town, children: list[Child], ago: timedelta, there: bool) -> None:
    actor = town.actor()
    open_one(actor, children[0])
    let_time_pass(ago)
    assert bool(recall(actor=actor)) is there


def test_what_was_only_shown_is_not_among_them(town: Town, children: list[Child]) -> None:
    actor = town.actor()
    introduce(actor=actor, child_id=children[0].pk)
    assert recall(actor=actor) == []


def test_nobody_elses_are_among_them(town: Town, children: list[Child]) -> None:
    open_one(town.actor("colleague"), children[0])
    open_one(town.actor("mediator"), children[1])
    assert recall(actor=town.actor()) == []
    assert [each.child_id for each in recall(actor=town.actor("colleague"))] == [children[0].pk]


def test_it_is_recorded_whose_names_are_shown_and_charged(town: Town, children: list[Child]) -> None:
    actor = town.actor()
    for child in children[:3]:
        open_one(actor, child)
    recall(actor=actor)
    read, shown = events(actor_id=actor.user_id)[-2:]
    assert (read.kind, read.user_id) == (EventKind.HISTORY_READ, actor.user_id)
    assert shown.kind == EventKind.CHILD_RECALLED
    assert shown.shown == [child.pk for child in reversed(children[:3])]
    assert used(town.teacher) == {Measure.RECORDS: 3, Measure.IDENTITIES: 3}


def test_past_the_budget_nothing_is_shown(town: Town, children: list[Child]) -> None:
    actor = town.actor()
    for child in children[:3]:
        open_one(actor, child)
    allow(Measure.IDENTITIES, hourly=2)
    with pytest.raises(OverBudgetError):
        recall(actor=actor)
    assert not events(kind=EventKind.CHILD_RECALLED)


@pytest.mark.parametrize("kind", [EventKind.HISTORY_READ, EventKind.CHILD_RECALLED])
def test_what_cannot_be_recorded_is_not_shown(
    town: Town, children: list[Child], refuse_events: RefuseEvents, kind: EventKind
) -> None:
    actor = town.actor()
    open_one(actor, children[0])
    refuse_events(kind)
    with pytest.raises(IntegrityError, match="log_full"):
        recall(actor=actor)


@pytest.mark.parametrize("who", ["mediator", "administrator"])
def test_nobody_but_practitioners_recalls(town: Town, who: str) -> None:
    with pytest.raises(NotPermittedError):
        recall(actor=town.actor(who))


# ------------------------------------------------------------------------------------- what the database gives


def ask(function: str, ticket: Ticket) -> list[int]:
    with refusals(), ticket.shown(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}()")
        return [row[0] for row in cursor.fetchall()]


def read_history(actor: Actor) -> Ticket:
    return record_first(EventKind.HISTORY_READ, About(user_id=actor.user_id), actor=actor)


def name(actor: Actor, *children: Child) -> Ticket:
    return record_first(EventKind.CHILD_RECALLED, About(shown=[child.pk for child in children]), actor=actor)


@pytest.mark.parametrize("function", ["registry_opened_lately", "registry_recalled"])
def test_database_says_nothing_without_its_own_ticket(town: Town, children: list[Child], function: str) -> None:
    actor = town.actor()
    open_one(actor, children[0])
    shown = record_first(EventKind.CHILD_SHOWN, About(child_id=children[0].pk), actor=actor)
    other = name(actor, children[0]) if function == "registry_opened_lately" else read_history(actor)
    for ticket in (shown, other):
        with pytest.raises(NoLiveSessionError):
            ask(function, ticket)
    with pytest.raises(NoLiveSessionError), refusals(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}()")


def test_database_names_nobody_whom_the_event_does_not_name(town: Town, children: list[Child]) -> None:
    actor = town.actor()
    for child in children[:2]:
        open_one(actor, child)
    assert ask("registry_recalled", name(actor, children[0])) == [children[0].pk]


def test_database_names_nobody_who_was_not_opened(town: Town, children: list[Child]) -> None:
    """Whoever sits at the web role's connection may name whom they like: only their own of this week are given."""
    actor = town.actor()
    open_one(actor, children[0])
    open_one(town.actor("colleague"), children[1])
    assert ask("registry_recalled", name(actor, *children)) == [children[0].pk]


def test_session_of_somebody_else_gives_nothing(town: Town, children: list[Child]) -> None:
    actor, colleague = town.actor(), town.actor("colleague")
    open_one(colleague, children[0])
    own = name(actor, children[0])
    assert ask("registry_recalled", own) == []
    with pytest.raises(NoLiveSessionError):
        ask("registry_recalled", replace(own, shown_key=colleague.session_key))


def test_mediators_openings_are_not_given_in_the_next_call(town: Town, children: list[Child]) -> None:
    mediator = town.actor("mediator")
    open_one(mediator, children[0])
    with pytest.raises(NoLiveSessionError):
        ask("registry_opened_lately", read_history(mediator))


# ------------------------------------------------------------------------------------------------------ page


@pytest.fixture
def teacher(town: Town, children: list[Child]) -> Visitor:
    return Visitor(town.teacher)


def test_start_and_search_lead_there_and_disclose_nobody(teacher: Visitor, town: Town) -> None:
    teacher.opened()
    before = len(events(kind=EventKind.CHILD_RECALLED))
    for page in (reverse("home"), reverse("search")):
        told = text_of(teacher.get(page))
        assert LATELY in told
        assert "Amina" not in told
    assert len(events(kind=EventKind.CHILD_RECALLED)) == before == 0


def test_page_leads_to_the_question_why_each_time_anew(teacher: Visitor) -> None:
    teacher.opened()
    page = text_of(teacher.get(LATELY))
    (event,) = events(kind=EventKind.CHILD_OPENED)
    opened = timezone.localtime(event.at)
    assert f"You opened this record on {opened.day} {opened:%B %Y} at {opened:%H:%M}<" in page
    (again,) = set(re.findall(r"/record/[^\"]+/reason/[^\"]*", page))
    asked = text_of(teacher.get(again))
    assert "Why do you need to open this record?" in asked
    assert back_link(asked) == LATELY
    assert len(events(kind=EventKind.CHILD_OPENED)) == 1


def test_record_leads_back_to_the_list_from_which_it_was_opened(teacher: Visitor) -> None:
    teacher.opened()
    (again,) = set(re.findall(r"/record/[^\"]+/reason/[^\"]*", text_of(teacher.get(LATELY))))
    record = teacher.follow(again, reason=Reason.SAFEGUARDING.value)
    assert "Back to records you opened lately" in text_of(record)
    assert back_link(text_of(record)) == LATELY


def test_own_history_says_how_many_were_shown(teacher: Visitor) -> None:
    teacher.opened()
    teacher.get(LATELY)
    rows = rows_of(text_of(teacher.get(reverse("my_history"))))
    assert any(f"You {EventKind.CHILD_RECALLED.label} 1 shown" in row for row in rows)


def test_page_says_where_there_is_none(teacher: Visitor) -> None:
    page = text_of(teacher.get(LATELY))
    assert "You opened no record in the past 7 days" in page
    assert reverse("search") in page


def test_child_shielded_since_is_shown_as_in_results(teacher: Visitor, town: Town, children: list[Child]) -> None:
    """Whoever knew where the child lived last week is not told again: the summary is that of today."""
    with as_owner_here():
        child = Child.objects.get(pk=children[0].pk)
        known = child.summary.open()
        child.summary = replace(known, names=(*known.names, SummaryName(NameKind.FORMER, "Samira", "Malik")))
        child.save()
    teacher.opened()
    before = text_of(teacher.get(LATELY))
    assert "Sale, M33" in before
    assert "formerly Samira Malik" in before
    with as_owner_here():
        shield(Child.objects.get(pk=child.pk), town)
    page = text_of(teacher.get(LATELY))
    assert "Protected" in page
    for hidden in ("Sale", "M33", "Samira", "Malik"):
        assert hidden not in page


def shield(child: Child, town: Town) -> None:
    """As the decision to shield somebody leaves them."""
    today = timezone.localdate()
    Shield.objects.create(
        child=child,
        authority=town.authority,
        started_on=today,
        review_on=today + timedelta(days=182),
        filed_at=timezone.now(),
    )
    child.summary = summary_shown(replace(child.summary.open(), shielded=True))
    child.save()


def test_page_asks_who_it_is(town: Town, children: list[Child]) -> None:
    assert Client().get(LATELY).url.startswith(reverse("account_login"))
    mediator = Visitor(town.mediator)
    mediator.take_call(town.colleague)
    assert_plain_refusal(mediator.get(LATELY), 403)
    assert LATELY not in text_of(mediator.get(reverse("search")))
    with as_owner_here():
        auditor = factories.user(role=Role.AUDITOR, works_for=town.authority)
    assert_plain_refusal(Visitor(auditor).get(LATELY), 403)


def test_page_over_the_budget_is_told(teacher: Visitor) -> None:
    teacher.opened()
    allow(Measure.IDENTITIES, hourly=1)
    page = teacher.get(LATELY)
    assert page.status_code == 429
    assert "You have reached your limit" in text_of(page)
    assert "Amina" not in text_of(page)
