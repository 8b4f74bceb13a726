"""Taking a call: whom a mediator finds, what the colleague must read out, and what ends it."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.actions.mediating import MOST_FOUND, begin_call, find_colleagues
from access.calls import Standing, call_of
from access.errors import NotPermittedError
from access.models import Mediation, Organisation, OrganisationKind, User, UserState, VettingItem
from access.roles import Role
from audit.errors import NoCallError
from audit.events import EventKind, Outcome
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.log import events, last_event

ASKING, SEARCH, END = reverse("asking"), reverse("search"), reverse("end_call")


@pytest.fixture
def authority(as_owner: OwnerContext) -> Organisation:
    with as_owner():
        return factories.organisation(kind=OrganisationKind.AUTHORITY)


@pytest.fixture
def mediator(authority: Organisation, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(role=Role.MEDIATOR, works_for=authority, name="Helen Marsh")


@pytest.fixture
def colleague(authority: Organisation, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(works_for=factories.organisation(authority=authority), name="Anna Brown-Okafor")


@pytest.fixture
def browser(mediator: User) -> Client:
    return factories.signed_in(mediator)


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def code_page(browser: Client, colleague: User) -> str:
    """Where the colleague's code is asked for."""
    response = browser.post(ASKING, {"asked": colleague.email.open()})
    assert response.status_code == 302
    return str(response.url)


def give(browser: Client, colleague: User, code: str) -> HttpResponse:
    return browser.post(code_page(browser, colleague), {"code": code})


def begun() -> list[tuple[int | None, int | None]]:
    return [(event.actor_id, event.user_id) for event in events(kind=EventKind.MEDIATION_BEGUN)]


def recovery_codes(person: User) -> list[str]:
    """The person's recovery codes, made now, in the place of their authenticator app."""
    with as_owner_here():
        Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()
        return list(RecoveryCodes.activate(person).get_unused_codes())


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
    set_state(colleague, UserState.LEFT)

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
        find_colleagues(actor, "Anna")
    with pytest.raises(NotPermittedError):
        begin_call(actor, colleague=colleague)
    assert factories.signed_in(person).get(ASKING).status_code == 403


# --------------------------------------------------------------------------------------------------- their code


def test_code_of_the_colleague_begins_a_call_that_names_both(browser: Client, mediator: User, colleague: User) -> None:
    response = give(browser, colleague, factories.code_for(colleague))

    assert response.url == SEARCH
    assert begun() == [(mediator.pk, colleague.pk)]
    page = text_of(browser.get(SEARCH))
    assert "You are looking up for <strong>Anna Brown-Okafor</strong>" in page
    assert "Anna Brown-Okafor" in text_of(browser.get(reverse("help"))), "every page says for whom"


def test_code_is_good_once_in_a_call_and_at_the_sign_in(browser: Client, colleague: User) -> None:
    code = factories.code_for(colleague)
    assert give(browser, colleague, code).status_code == 302
    browser.post(END)

    again = give(browser, colleague, code)

    assert "was used" in text_of(again)
    signing_in = factories.with_password(colleague).post(reverse("mfa_authenticate"), {"code": code})
    assert signing_in.status_code == 200, "the mediator heard the code, and could sign in with it"
    assert len(begun()) == 1


def test_spaces_in_a_code_that_is_read_out_do_no_harm(browser: Client, colleague: User) -> None:
    code = factories.code_for(colleague)
    assert give(browser, colleague, f" {code[:3]} {code[3:]} ").status_code == 302


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "٣٣٣٣٣٣", "1" * 30])
def test_what_cannot_be_a_code_is_not_tried(browser: Client, colleague: User, code: str) -> None:
    response = give(browser, colleague, code)

    assert response.status_code == 200
    assert "Enter the 6 digits that their authenticator app shows now" in text_of(response)
    assert events(kind=EventKind.SECOND_FACTOR_FAILED) == []


def test_wrong_code_is_recorded_about_the_colleague_by_the_mediator(
    browser: Client, mediator: User, colleague: User
) -> None:
    response = give(browser, colleague, wrong_code(colleague))

    assert "This code is not right any more" in text_of(response)
    (event,) = events(kind=EventKind.SECOND_FACTOR_FAILED)
    assert (event.actor_id, event.user_id, event.outcome) == (mediator.pk, colleague.pk, Outcome.WRONG_CODE)
    assert begun() == []


def test_code_of_the_mediator_is_no_code_of_the_colleague(browser: Client, mediator: User, colleague: User) -> None:
    assert give(browser, colleague, factories.code_for(mediator)).status_code == 200
    assert begun() == []


def test_wrong_codes_count_against_the_colleagues_account(browser: Client, colleague: User, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/h/key", "read_out_failed": "20/h/key"}  # type: ignore[attr-defined]
    for _ in range(2):
        give(browser, colleague, wrong_code(colleague))

    refused = give(browser, colleague, factories.code_for(colleague))
    assert "Too many wrong codes for this person" in text_of(refused)
    signing_in = factories.with_password(colleague).post(
        reverse("mfa_authenticate"), {"code": factories.code_for(colleague)}
    )
    assert signing_in.status_code == 200, "they count at the sign-in, too"
    assert begun() == []


def test_wrong_codes_of_all_colleagues_count_against_the_mediator(
    browser: Client, colleague: User, authority: Organisation, as_owner: OwnerContext, settings: object
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "20/h/key", "read_out_failed": "2/h/key"}  # type: ignore[attr-defined]
    with as_owner():
        others = [factories.user(works_for=authority) for _ in range(2)]
    for other in others:
        give(browser, other, wrong_code(other))

    assert "too many wrong codes" in text_of(give(browser, colleague, factories.code_for(colleague)))
    assert begun() == []


def test_right_codes_are_not_counted(browser: Client, mediator: User, colleague: User, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/h/key", "read_out_failed": "1/h/key"}  # type: ignore[attr-defined]
    assert give(browser, colleague, factories.code_for(colleague)).status_code == 302
    assert "This code is not right any more" in text_of(give(browser, colleague, wrong_code(colleague)))


def test_colleague_with_a_passkey_alone_reads_out_a_recovery_code_once(browser: Client, colleague: User) -> None:
    code, *_ = recovery_codes(colleague)
    page = code_page(browser, colleague)
    assert "signs in with a passkey, which cannot be read out" in text_of(browser.get(page))

    assert browser.post(page, {"code": code}).status_code == 302
    browser.post(END)
    assert "was used" in text_of(browser.post(page, {"code": code}))
    assert len(begun()) == 1


def test_recovery_code_is_not_asked_where_there_is_an_app(browser: Client, colleague: User) -> None:
    with as_owner_here():
        code, *_ = RecoveryCodes.activate(colleague).get_unused_codes()

    assert "Enter the 6 digits" in text_of(give(browser, colleague, code))


def test_colleague_with_nothing_to_read_out_is_told_what_to_do(browser: Client, colleague: User) -> None:
    with as_owner_here():
        Authenticator.objects.filter(user=colleague).delete()
    page = code_page(browser, colleague)

    for response in (browser.get(page), browser.post(page, {"code": "123456"})):
        assert "neither an authenticator app nor recovery codes" in text_of(response)


def test_colleague_who_may_not_come_in_themself_is_not_helped(browser: Client, colleague: User) -> None:
    page, code = code_page(browser, colleague), factories.code_for(colleague)
    lapse(colleague)

    for response in (browser.get(page), browser.post(page, {"code": code})):
        assert "Their own access to this service has stopped" in text_of(response)
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


@pytest.mark.parametrize("stop", ["suspended", "lapsed", "organisation"])
def test_next_request_is_refused_when_the_colleagues_access_stops(
    browser: Client, mediator: User, colleague: User, stop: str
) -> None:
    give(browser, colleague, factories.code_for(colleague))
    assert browser.get(SEARCH).status_code == 200
    if stop == "suspended":
        set_state(colleague, UserState.SUSPENDED)
    elif stop == "lapsed":
        lapse(colleague)
    else:
        with as_owner_here():
            yesterday = factories.today() - timedelta(days=1)
            Organisation.objects.filter(pk=colleague.organisation_id).update(accredited_until=yesterday)

    refused = browser.get(SEARCH)

    assert refused.status_code == 403
    assert "own access to this service has stopped" in text_of(refused)
    event = last_event()
    assert (event.kind, event.outcome) == (EventKind.ACCESS_REFUSED, Outcome.NOT_VETTED)
    assert (event.actor_id, event.user_id) == (mediator.pk, colleague.pk)
    assert "has ended" in text_of(browser.post(END, follow=True))


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


@pytest.mark.parametrize(
    "who", ["themself", "mediator", "administrator", "auditor", "elsewhere", "suspended", "lapsed"]
)
def test_database_lets_no_call_begin_for_them(mediator: User, colleague: User, who: str) -> None:
    """Whatever our own code thinks."""
    actor = factories.actor_for(mediator)
    with as_owner_here():
        if who == "themself":
            colleague = mediator
        elif who in Role.values:
            colleague = factories.user(role=Role(who), works_for=mediator.organisation)
        elif who == "elsewhere":
            colleague = factories.user()
    if who == "suspended":
        set_state(colleague, UserState.SUSPENDED)
    if who == "lapsed":
        lapse(colleague)

    with pytest.raises(NoCallError):
        begin_call(actor, colleague=colleague)
    assert begun() == []
    assert call_of(actor.session_key) is None


def test_call_stands_as_the_database_says(mediator: User, colleague: User) -> None:
    actor = factories.actor_on_call(mediator, colleague)
    assert standing(actor.session_key) == Standing.LIVE
    set_state(colleague, UserState.SUSPENDED)
    assert standing(actor.session_key) == Standing.STOPPED
    grow_old(timedelta(minutes=21))
    assert standing(actor.session_key) == Standing.OVER


def standing(session_key: str) -> Standing:
    call = call_of(session_key)
    assert call is not None
    return call.standing


def wrong_code(person: User) -> str:
    """Six digits that the person's app does not show."""
    right = factories.code_for(person)
    return f"{right[:5]}{(int(right[5]) + 5) % 10}"


def set_state(person: User, state: UserState) -> None:
    with as_owner_here():
        User.objects.filter(pk=person.pk).update(state=state)


def lapse(person: User) -> None:
    """Let the person's vetting have run out yesterday."""
    with as_owner_here():
        VettingItem.objects.filter(user=person).update(expires_on=factories.today() - timedelta(days=1))


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
