"""What a mediator sees, and that both people are named and charged: on the pages, in the log, in the budgets."""

import re
from dataclasses import replace

import pytest
from django.db import transaction
from django.urls import reverse

from access.calls.actions import end_call
from access.door.calls import call_of
from access.door.sessions import SessionStore
from access.models import Budget, Measure, Usage, User, UserState
from audit.actors import Actor
from audit.errors import NoCallError, OverBudgetError
from audit.events import Alert, EventKind, Outcome
from audit.reasons import Reason
from audit.recorder import About, record
from registry.actions.finding import introduce, open_record, search
from registry.models import Child
from registry.vocabulary import Service
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import AddChildren, Town, criteria, draft, full_draft
from tests.integration.registry.test_budgets import OF_PRACTITIONERS
from tests.integration.registry.test_search import BY_NAME_AND_DATE, TRAIL
from tests.integration.registry.visiting import Visitor, assert_plain_refusal, text_of
from tests.log import events, last_event

DISCLOSING = [EventKind.CHILD_SEARCHED, EventKind.CHILD_LISTED, EventKind.CHILD_SHOWN, EventKind.CHILD_OPENED]


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    return add(full_draft(town))[0]


@pytest.fixture
def mediator(town: Town, child: Child) -> Visitor:
    """The mediator's browser, on a call of the teacher's colleague."""
    visitor = Visitor(town.mediator)
    visitor.take_call(town.colleague)
    return visitor


def used(person: User) -> dict[str, int]:
    with as_owner_here():
        return dict(Usage.objects.filter(user=person).values_list("measure", "used"))


def allow(role: str, measure: Measure, hourly: int) -> None:
    with as_owner_here():
        Budget.objects.filter(role=role, measure=measure).update(hourly=hourly)


def work(actor: Actor, child: Child) -> None:
    """All that discloses: a search, a page that names the child, the record."""
    search(actor=actor, criteria=criteria(**BY_NAME_AND_DATE), trail=TRAIL)
    introduce(actor=actor, child_id=child.pk)
    open_record(actor=actor, child_id=child.pk, reason=Reason.SAFEGUARDING)


# ----------------------------------------------------------------------------------------------------- both named


def test_every_event_of_a_call_names_both(town: Town, child: Child) -> None:
    work(town.actor("mediator"), child)

    told = {event.kind: (event.actor_id, event.user_id, event.role) for event in events(kind__in=DISCLOSING)}
    assert told == dict.fromkeys(DISCLOSING, (town.mediator.pk, town.colleague.pk, "mediator"))


def test_pages_of_a_call_say_that_both_are_recorded(mediator: Visitor, town: Town) -> None:
    reference = mediator.reference()
    asked = text_of(mediator.get(reverse("open_record", args=[reference])))
    record_page = text_of(mediator.give_reason(reference))

    name = town.colleague.name.open()
    assert f"Ask {name} for their reason. It is recorded with both your names" in asked
    assert f"{name}’s reason:" in record_page
    assert f"This view was recorded for {name} and you" in record_page
    assert f"You are looking up for <strong>{name}</strong>" in record_page


def test_auditor_reads_who_looked_up_for_whom(mediator: Visitor, town: Town) -> None:
    mediator.opened()
    with as_owner_here():
        auditor = factories.user(role=factories.Role.AUDITOR, works_for=town.authority)
    browser = factories.signed_in(auditor)

    for person in ("", town.mediator.email.open(), town.colleague.email.open()):
        asked = {"kind": EventKind.CHILD_OPENED.value, "person": person}
        page = text_of(browser.post(reverse("log"), asked, follow=True))
        assert f"{town.mediator.name.open()}, in the name of {town.colleague.name.open()}" in page


def test_refusal_in_a_call_names_both(mediator: Visitor, town: Town) -> None:
    mediator.get(reverse("open_record", args=["made-up"]))

    event = last_event(kind=EventKind.ACCESS_REFUSED)
    assert (event.actor_id, event.user_id) == (town.mediator.pk, town.colleague.pk)


# -------------------------------------------------------------------------------------------- what a mediator sees


def test_colleagues_organisation_decides_what_is_seen(town: Town, child: Child) -> None:
    """Its own sensitive service is shown to a colleague who works there, and to nobody else."""
    for_therapist = factories.actor_on_call(town.mediator, town.therapist)
    own = open_record(actor=for_therapist, child_id=child.pk, reason=Reason.SAFEGUARDING)
    for_teacher = factories.actor_on_call(town.mediator, town.teacher)
    others = open_record(actor=for_teacher, child_id=child.pk, reason=Reason.SAFEGUARDING)

    assert [each.details.service for each in own.current if each.own] == [Service.MENTAL_HEALTH]
    assert not own.sensitive
    assert others.sensitive
    assert "Wanda Secret" not in repr(others)


def test_mediator_keeps_no_involvement_of_the_colleagues_organisation(mediator: Visitor) -> None:
    reference = mediator.opened()

    assert "involvements/" not in text_of(mediator.get(reverse("record", args=[reference])))
    assert_plain_refusal(mediator.get(reverse("record_involvement", args=[reference])), 403)


def test_nothing_of_one_call_is_at_hand_in_the_next(mediator: Visitor, town: Town) -> None:
    """Neither results nor records nor the reason that was given, for whoever asks next; nor after the end."""
    results = mediator.search().redirect_chain[-1][0]
    reference = mediator.opened()
    mediator.take_call(town.teacher)

    assert mediator.get(results).url == reverse("search")
    for page in ("record", "open_record"):
        assert_plain_refusal(mediator.get(reverse(page, args=[reference])), 404)
    second = mediator.reference()
    assert mediator.get(reverse("record", args=[second])).url == reverse("open_record", args=[second])
    mediator.post(reverse("end_call"))
    assert mediator.get(reverse("record", args=[second])).url == reverse("asking")


# ---------------------------------------------------------------------------------------------------- both charged


def test_what_is_shown_in_a_call_is_charged_to_both(town: Town, add: AddChildren, child: Child) -> None:
    add(draft(town, given="Amima"))
    work(town.actor("mediator"), child)

    both = {Measure.SEARCHES: 1, Measure.CANDIDATES: 2, Measure.IDENTITIES: 3, Measure.RECORDS: 1}
    assert used(town.mediator) == both
    assert used(town.colleague) == both


@pytest.mark.parametrize("measure", OF_PRACTITIONERS)
@pytest.mark.parametrize("whose", ["mediator", "practitioner"])
def test_call_ends_at_the_budget_of_either(town: Town, child: Child, measure: Measure, whose: str) -> None:
    """The mediator's budget is a mediator's, the colleague's a practitioner's; the error says whose it is."""
    allow(whose, measure, hourly=0)
    person = town.mediator if whose == "mediator" else town.colleague

    with pytest.raises(OverBudgetError, match=rf"^{measure}: 0 an hour$") as refused:
        work(town.actor("mediator"), child)
    assert refused.value.detail == str(person.pk)


def test_colleagues_budget_counts_what_they_did_themself(town: Town, child: Child) -> None:
    allow("practitioner", Measure.RECORDS, hourly=1)
    open_record(actor=town.actor("colleague"), child_id=child.pk, reason=Reason.SAFEGUARDING)

    with pytest.raises(OverBudgetError):
        open_record(actor=town.actor("mediator"), child_id=child.pk, reason=Reason.SAFEGUARDING)


@pytest.mark.parametrize(("whose", "heading"), [("mediator", "You have"), ("practitioner", "Your colleague has")])
def test_page_says_whose_limit_it_is_and_the_auditors_are_told(
    mediator: Visitor, town: Town, whose: str, heading: str
) -> None:
    allow(whose, Measure.SEARCHES, hourly=0)
    page = mediator.search()

    assert_plain_refusal(page, 429)
    assert f"{heading} reached" in text_of(page)
    person = town.mediator if whose == "mediator" else town.colleague
    (alert,) = events(kind=EventKind.ALERT_RAISED)
    assert (alert.reason, alert.user_id) == (Alert.OVER_BUDGET, person.pk)


# -------------------------------------------------------------------------------------------- only while it lasts


def test_events_without_a_live_call_are_refused_by_the_database(town: Town, child: Child) -> None:
    """Of a mediator who is on none, on another's, or whose call has ended."""
    on_none = factories.actor_for(town.mediator)
    on_call = town.actor("mediator")
    assert on_call.colleague is not None
    for_another = replace(on_call, colleague=replace(on_call.colleague, user_id=town.teacher.pk))
    elsewhere = replace(on_none, colleague=on_call.colleague)
    for actor in (on_none, for_another, elsewhere):
        with pytest.raises(NoCallError):
            work(actor, child)
    work(on_call, child)
    end_call(actor=on_call, colleague=town.colleague)
    with pytest.raises(NoCallError):
        work(on_call, child)


@pytest.mark.parametrize("kind", DISCLOSING)
def test_practitioner_acts_in_nobody_elses_name(town: Town, child: Child, kind: EventKind) -> None:
    about = About(child_id=child.pk, user_id=town.colleague.pk, reason="s11")

    with pytest.raises(NoCallError), transaction.atomic():
        record(kind, about, actor=town.actor("teacher"))


def test_page_that_the_database_refuses_shows_nothing(
    mediator: Visitor, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own question was answered a moment before the suspension; the database asks once more with the event."""
    reference = mediator.opened()
    before = call_of(_session_key(mediator))
    with as_owner_here():
        User.objects.filter(pk=town.colleague.pk).update(state=UserState.SUSPENDED)
    monkeypatch.setattr("access.door.calls.call_of", lambda _session_key: before)

    refused = mediator.get(reverse("record", args=[reference]))

    assert_plain_refusal(refused, 403)
    assert "This call cannot go on" in text_of(refused)
    assert not re.search("Hussain|Amina", text_of(refused))
    event = last_event(kind=EventKind.ACCESS_REFUSED)
    assert (event.outcome, event.user_id) == (Outcome.NOT_VETTED, town.colleague.pk)


def _session_key(visitor: Visitor) -> str:
    session = SessionStore(visitor.browser.session.session_key)
    return session.key_fingerprint
