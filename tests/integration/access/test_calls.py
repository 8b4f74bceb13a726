"""Taking a call: whom a mediator finds, and what ends it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.calls.actions import MOST_FOUND, begin_call, find_colleagues
from access.door.calls import Standing, call_of
from access.models import Mediation, Organisation, Role, StopScope, User
from access.rules.errors import NotPermittedError
from audit.errors import NoCallError
from audit.events import EventKind, Outcome
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access.telephone import (
    ASKING,
    END,
    KNOWN_BUT_OUT,
    OUT,
    SEARCH,
    begin_stop,
    begun,
    code_page,
    give,
    keep_out,
    text_of,
)
from tests.log import events, last_event


@pytest.fixture
def browser(mediator: User) -> Client:
    return factories.signed_in(mediator)


# ------------------------------------------------------------------------------------------------ who is asking


def test_mediator_comes_to_the_question_who_is_asking(browser: Client) -> None:
    assert browser.get(reverse("home")).url == ASKING
    assert "Who is asking?" in text_of(browser.get(ASKING))


@pytest.mark.parametrize("address", [SEARCH, reverse("open_record", args=["made-up"])])
def test_without_a_call_neither_search_nor_record_is_reached(browser: Client, address: str) -> None:
    for response in (browser.get(address), browser.post(address)):
        assert response.url == ASKING
    assert "Say first who is asking" in text_of(browser.get(ASKING))


@pytest.mark.parametrize("asked", ["anna brown-okafor", "Okafor", "bro ann", "ANNA"])
def test_colleague_is_found_by_words_of_their_name(browser: Client, colleague: User, asked: str) -> None:
    page = text_of(browser.post(ASKING, {"asked": asked}, follow=True))

    assert "Ask for their code" in page
    assert "Anna Brown-Okafor" in page


def test_colleague_is_found_by_address_however_it_is_typed(browser: Client, colleague: User) -> None:
    typed = f"  {colleague.email.open().upper()} "
    assert "Anna Brown-Okafor" in text_of(browser.post(ASKING, {"asked": typed}, follow=True))


def test_several_of_a_name_are_told_apart_by_where_they_work(
    browser: Client, colleague: User, authority: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        namesake = factories.user(works_for=factories.organisation(authority=authority), name="Anna Brownlow")
    page = text_of(browser.post(ASKING, {"asked": "Anna Brown"}, follow=True))

    assert "Which of them is asking?" in page
    for one in (colleague, namesake):
        assert f"{one.name.open()}, {one.organisation.name}" in page


def test_too_many_of_a_name_are_not_shown(browser: Client, authority: Organisation, as_owner: OwnerContext) -> None:
    with as_owner():
        school = factories.organisation(authority=authority)
        for _ in range(MOST_FOUND + 1):
            factories.user(works_for=school, name="Sam Jones")
    page = text_of(browser.post(ASKING, {"asked": "Sam Jones"}))

    assert "More than 10 people have this name" in page
    assert 'value="Sam Jones"' in page, "what was typed is lost"
    assert school.name not in page


@pytest.mark.parametrize("asked", ["", "ab", "a.b", " - ", "x" * 255, "nobody@example.org", "Zebedee", "___", "a\0bc"])
def test_what_finds_nobody_is_answered_in_place(browser: Client, colleague: User, asked: str) -> None:
    response = browser.post(ASKING, {"asked": asked})

    assert response.status_code == 200
    assert "There is a problem" in text_of(response)


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_nobody_but_practitioners_is_found(
    browser: Client, authority: Organisation, as_owner: OwnerContext, role: Role
) -> None:
    with as_owner():
        person = factories.user(role=role, works_for=authority)

    assert browser.post(ASKING, {"asked": person.email.open()}).status_code == 200


def test_people_of_another_authority_and_those_who_left_are_not_found(
    browser: Client, colleague: User, as_owner: OwnerContext
) -> None:
    with as_owner():
        elsewhere = factories.user(name="Anna Brown-Elsewhere")
    keep_out(colleague, "left")

    for one in (elsewhere, colleague):
        assert browser.post(ASKING, {"asked": one.email.open()}).status_code == 200
    assert browser.post(ASKING, {"asked": "Anna Brown"}).status_code == 200


def test_looking_for_people_is_recorded_without_what_was_typed(browser: Client, mediator: User) -> None:
    browser.post(ASKING, {"asked": "Zebedee"})

    event = last_event()
    assert (event.kind, event.actor_id, event.fields) == (EventKind.PEOPLE_LISTED, mediator.pk, ["colleagues"])
    assert event.criteria is None


def test_reference_to_a_colleague_is_good_in_its_own_session_alone(browser: Client, colleague: User) -> None:
    page = code_page(browser, colleague)
    with as_owner_here():
        other = factories.user(role=Role.MEDIATOR, works_for=colleague.organisation.responsible_authority)

    assert browser.get(page).status_code == 200
    assert factories.signed_in(other).get(page).status_code == 404
    assert browser.get(reverse("read_out", args=["made-up"])).status_code == 404


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_nobody_else_takes_calls(colleague: User, as_owner: OwnerContext, role: Role) -> None:
    with as_owner():
        person = factories.user(role=role)
    actor = factories.actor_for(person)

    with pytest.raises(NotPermittedError):
        find_colleagues(actor=actor, asked="Anna")
    with pytest.raises(NotPermittedError):
        begin_call(actor=actor, colleague=colleague)
    assert factories.signed_in(person).get(ASKING).status_code == 403


@pytest.mark.parametrize("how", ["invited", "joining", "left", "revoked", "other role"])
def test_whoever_is_no_practitioner_or_not_yet_is_not_found(browser: Client, colleague: User, how: str) -> None:
    keep_out(colleague, how)

    assert "No practitioner in your area" in text_of(browser.post(ASKING, {"asked": colleague.email.open()}))


@pytest.mark.parametrize("how", OUT)
def test_page_that_was_open_when_access_stopped_begins_no_call(browser: Client, colleague: User, how: str) -> None:
    page, code = code_page(browser, colleague), factories.code_for(colleague)
    keep_out(colleague, how)

    for response in (browser.get(page), browser.post(page, {"code": code})):
        if how in KNOWN_BUT_OUT:
            assert "Their own access to this service has stopped" in text_of(response)
        else:
            assert response.status_code == 404
    assert begun() == []


# --------------------------------------------------------------------------------------------- what ends a call


def test_end_this_call_ends_it(browser: Client, mediator: User, colleague: User) -> None:
    give(browser, colleague, factories.code_for(colleague))
    response = browser.post(END, follow=True)

    assert "The call of Anna Brown-Okafor has ended" in text_of(response)
    assert "You are looking up for" not in text_of(response)
    assert browser.get(SEARCH).url == ASKING
    (event,) = events(kind=EventKind.MEDIATION_ENDED)
    assert (event.actor_id, event.user_id) == (mediator.pk, colleague.pk)
    assert browser.post(END).url == ASKING, "pressed twice, it is recorded once"
    assert len(events(kind=EventKind.MEDIATION_ENDED)) == 1


def test_after_twenty_minutes_the_code_is_asked_for_again(browser: Client, colleague: User) -> None:
    give(browser, colleague, factories.code_for(colleague))
    assert 19 < minutes_left() <= 20
    grow_old(timedelta(minutes=21))

    page = browser.get(SEARCH, follow=True)

    assert "The 20 minutes for Anna Brown-Okafor are over" in text_of(page)
    assert "Ask for their code" in text_of(page)
    assert "You are looking up for" not in text_of(page)


@pytest.mark.parametrize("how", OUT)
@pytest.mark.parametrize("minutes", [0, 21])
def test_next_request_is_refused_when_the_colleagues_access_stops(
    browser: Client, mediator: User, colleague: User, how: str, minutes: int
) -> None:
    """However long the call has lasted: a colleague who is gone cannot read out another code."""
    give(browser, colleague, factories.code_for(colleague))
    assert browser.get(SEARCH).status_code == 200
    keep_out(colleague, how)
    grow_old(timedelta(minutes=minutes))

    refused = browser.get(SEARCH)

    assert refused.status_code == 403
    assert "own access to this service has stopped" in text_of(refused)
    event = last_event()
    assert (event.kind, event.outcome) == (EventKind.ACCESS_REFUSED, Outcome.NOT_VETTED)
    assert (event.actor_id, event.user_id) == (mediator.pk, colleague.pk)
    assert "has ended" in text_of(browser.post(END, follow=True))


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("whose", ["mediator", "service"])
def test_stop_of_the_mediator_or_the_service_ends_the_call(
    browser: Client, mediator: User, colleague: User, whose: str
) -> None:
    give(browser, colleague, factories.code_for(colleague))
    with as_owner_here():
        if whose == "mediator":
            begin_stop(StopScope.USER, user=mediator)
        else:
            begin_stop(StopScope.SERVICE)

    refused = browser.get(SEARCH)

    assert refused.status_code == 403
    assert "Anna Brown-Okafor" not in text_of(refused)


def test_a_second_call_ends_the_first(
    browser: Client, colleague: User, authority: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        second = factories.user(works_for=authority, name="Bert Second")
    give(browser, colleague, factories.code_for(colleague))
    give(browser, second, factories.code_for(second))

    page = text_of(browser.get(SEARCH))
    assert "Bert Second" in page
    assert "Anna Brown-Okafor" not in page
    assert [event.user_id for event in events(kind=EventKind.MEDIATION_ENDED)] == [colleague.pk]


def test_call_lasts_in_its_own_session_alone(browser: Client, mediator: User, colleague: User) -> None:
    give(browser, colleague, factories.code_for(colleague))
    with as_owner_here():
        elsewhere = factories.actor_for(mediator)

    assert call_of(elsewhere.session_key) is None
    browser.post(reverse("account_logout"))
    with as_owner_here():
        assert not Mediation.objects.exists(), "it goes with its session"


def test_form_opened_during_another_call_is_not_acted_on(
    browser: Client, colleague: User, authority: Organisation, as_owner: OwnerContext
) -> None:
    """A tab that was left open: what is typed there must not be looked up in somebody else's name."""
    with as_owner():
        second = factories.user(works_for=authority, name="Bert Second")
    give(browser, colleague, factories.code_for(colleague))
    (first_call,) = _calls()
    give(browser, second, factories.code_for(second))
    typed = {"given_name": "Amina", "family_name": "Hussain", "age": "9"}

    for sent in ({**typed, "call": str(first_call)}, typed):
        response = browser.post(SEARCH, sent, follow=True)
        assert "opened during another call" in text_of(response)
        assert "You are looking up for <strong>Bert Second</strong>" in text_of(response)
    assert events(kind=EventKind.CHILD_SEARCHED) == []


# ----------------------------------------------------------------------------------------- what the database asks


@pytest.mark.parametrize("who", ["themself", "mediator", "administrator", "auditor", "elsewhere", *OUT])
def test_database_lets_no_call_begin_for_them(mediator: User, colleague: User, who: str) -> None:
    """Whatever our own code thinks."""
    actor = factories.actor_for(mediator)
    if who in OUT:
        keep_out(colleague, who)
    elif who == "themself":
        colleague = mediator
    else:
        with as_owner_here():
            role = Role(who) if who in Role.values else Role.PRACTITIONER
            colleague = factories.user(role=role, works_for=None if who == "elsewhere" else mediator.organisation)

    with signing_in(), pytest.raises(NoCallError):
        begin_call(actor=actor, colleague=colleague)
    assert begun() == []
    assert call_of(actor.session_key) is None


def test_call_stands_as_the_database_says(mediator: User, colleague: User) -> None:
    actor = factories.actor_on_call(mediator, colleague)
    assert standing(actor.session_key) == Standing.LIVE
    grow_old(timedelta(minutes=21))
    assert standing(actor.session_key) == Standing.OVER
    keep_out(colleague, "suspended")
    assert standing(actor.session_key) == Standing.STOPPED


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize(("gone", "left"), [(timedelta(0), 1200), (timedelta(minutes=17, seconds=30), 150)])
def test_every_page_of_a_call_says_until_when_it_lasts(
    browser: Client, mediator: User, colleague: User, gone: timedelta, left: int
) -> None:
    """In words that stay true while the page stands; the script that counts down is told how long is left."""
    factories.on_call(mediator, colleague, client=browser)
    grow_old(gone)
    with as_owner_here():
        until = timezone.localtime(Mediation.objects.get().expires_at)
    for address in (SEARCH, reverse("my_access")):
        page = text_of(browser.get(address))
        assert f"until {until:%H:%M}." in page
        assert "minutes left" not in page
        (told,) = re.findall(r'data-call="([0-9]+)"', page)
        assert left - 30 < int(told) <= left


def standing(session_key: str) -> Standing:
    call = call_of(session_key)
    assert call is not None
    return call.standing


def minutes_left() -> float:
    with as_owner_here():
        return (Mediation.objects.get().expires_at - timezone.now()).total_seconds() / 60


def grow_old(by: timedelta) -> None:
    """Let all calls have begun so much earlier."""
    with as_owner_here():
        for call in Mediation.objects.all():
            changed = {"begun_at": call.begun_at - by, "expires_at": call.expires_at - by}
            Mediation.objects.filter(pk=call.pk).update(**changed)


def _calls() -> list[int]:
    with as_owner_here():
        return list(Mediation.objects.values_list("pk", flat=True))
