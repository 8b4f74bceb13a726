"""A session that is over: why is said to whoever has its browser, and whose it was to nobody."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import ProgrammingError, connection
from django.db.models import F
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.door.sessions import SessionStore, ending_of
from access.models import EndReason, Session, SessionEnd, StopReason, StopScope, User
from access.organisations.actions.stopping import stop
from access.people.actions.deciding import leave, suspend
from access.rules import grants
from access.tasks import delete_ended_sessions
from tests import ageing, factories
from tests.acting import acting_as
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access import lives
from tests.integration.access.conftest import Wait
from tests.integration.access.lives import Council

LOGIN, HOME, SIGNED_IN, MY_ACCESS = (reverse(name) for name in ("account_login", "home", "signed_in", "my_access"))
IDLE = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)
COOKIE = settings.SESSION_COOKIE_NAME

BY_IDLENESS = "You were signed out after 15 minutes without activity"
BY_AGE = "You were signed out after 10 hours"
BY_ONESELF = "You signed out in this browser"
FROM_ELSEWHERE = "You were signed out from another browser"
BY_PASSWORD = "You were signed out because your password was changed"
BY_STOP = "Your access has been stopped"
EVERY_REASON = (BY_IDLENESS, BY_AGE, BY_ONESELF, FROM_ELSEWHERE, BY_PASSWORD, BY_STOP)


@pytest.fixture
def council(as_owner: OwnerContext) -> Council:
    with as_owner():
        made = lives.council()
        grants.grant(User.objects.get(pk=made.first.user_id), grants.STOP_SERVICE, made.authority)
    return made


@pytest.fixture
def teacher(council: Council, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(works_for=council.school, name="Wilhelmina Ashdown")


@pytest.fixture
def browser(teacher: User) -> Client:
    return factories.signed_in(teacher)


def key_of(browser: Client) -> str:
    return browser.cookies[COOKIE].value


def grow_older(browser: Client, by: timedelta) -> None:
    with as_owner_here():
        ageing.grow_older(key_of(browser), by)


def idle_too_long(browser: Client) -> None:
    # By a margin: PostgreSQL's now() is the beginning of the test, and a loaded machine takes seconds until here.
    grow_older(browser, IDLE + timedelta(minutes=1))


def clean_up() -> None:
    with acting_as("contactpoint_worker"):
        delete_ended_sessions()


def asked_to_sign_in(browser: Client, address: str = HOME) -> str:
    """The sign-in page to which asking for a page leads."""
    answer = browser.get(address)
    assert answer.status_code == 302
    assert answer.url.startswith(LOGIN)
    return browser.get(answer.url).content.decode()


def reasons_in(page: str) -> list[str]:
    return [reason for reason in EVERY_REASON if reason in page]


def stay_busy_until_the_end(browser: Client) -> None:
    step = IDLE - timedelta(minutes=1)
    for _ in range(int(LONGEST / step)):
        grow_older(browser, step)
        browser.get(MY_ACCESS)
    grow_older(browser, step)


# ------------------------------------------------------------------------------------------------------- the reason


@pytest.mark.parametrize("cleaned_up", [False, True])
def test_idleness_is_said_before_and_after_the_clean_up(browser: Client, teacher: User, cleaned_up: bool) -> None:
    idle_too_long(browser)
    if cleaned_up:
        clean_up()
        with as_owner_here():
            assert not Session.objects.filter(user=teacher).exists()

    assert reasons_in(asked_to_sign_in(browser)) == [BY_IDLENESS]


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("cleaned_up", [False, True])
def test_the_longest_limit_is_said(browser: Client, cleaned_up: bool) -> None:
    stay_busy_until_the_end(browser)
    if cleaned_up:
        clean_up()

    assert reasons_in(asked_to_sign_in(browser)) == [BY_AGE]


def test_signing_out_is_said_in_the_other_windows_of_the_browser(browser: Client) -> None:
    out = browser.post(reverse("account_logout"))
    assert out.url == LOGIN
    assert reasons_in(browser.get(LOGIN).content.decode()) == [BY_ONESELF]

    assert reasons_in(asked_to_sign_in(browser)) == [BY_ONESELF]


def test_signing_out_from_elsewhere_is_said(browser: Client, teacher: User, wait: Wait) -> None:
    wait(timedelta(minutes=1))
    desk = factories.signed_in(teacher)
    desk.post(SIGNED_IN, {"session": "others"})

    assert reasons_in(asked_to_sign_in(browser)) == [FROM_ELSEWHERE]
    assert desk.get(HOME).status_code == 200


def test_new_password_ends_the_others_at_once_and_says_so(browser: Client, teacher: User, wait: Wait) -> None:
    wait(timedelta(minutes=1))
    desk = factories.signed_in(teacher)
    new = {"oldpassword": factories.PASSWORD, "password1": "quite another one", "password2": "quite another one"}
    assert desk.post(reverse("account_change_password"), new).status_code == 302

    with as_owner_here():
        assert Session.objects.filter(user=teacher).count() == 1
    assert reasons_in(asked_to_sign_in(browser)) == [BY_PASSWORD]
    assert desk.get(HOME).status_code == 200


STOPS: dict[str, Callable[[Council, User], object]] = {
    "suspended": lambda council, teacher: suspend(actor=council.first, user_id=teacher.pk, reason=StopReason.MISUSE),
    "left": lambda council, teacher: leave(actor=council.first, user_id=teacher.pk),
    "stopped": lambda council, teacher: stop(
        actor=council.first, scope=StopScope.USER, target=teacher.pk, reason=StopReason.STOLEN
    ),
}


@pytest.mark.parametrize("end", STOPS.values(), ids=STOPS)
def test_a_stop_says_that_it_is_one_and_whom_to_ask(
    council: Council, browser: Client, teacher: User, end: Callable[[Council, User], object]
) -> None:
    end(council, teacher)

    page = asked_to_sign_in(browser)
    assert reasons_in(page) == [BY_STOP]
    assert "Ask the management team of your organisation" in page
    assert "999" in page


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("scope", [StopScope.ORGANISATION, StopScope.SERVICE])
def test_an_emergency_stop_is_said_on_every_page_and_on_the_sign_in_page(
    council: Council, browser: Client, teacher: User, scope: StopScope
) -> None:
    target = teacher.organisation_id if scope == StopScope.ORGANISATION else None
    stop(actor=council.first, scope=scope, target=target, reason=StopReason.INCIDENT)

    refused = browser.get(HOME)
    assert refused.status_code == 403
    assert "Your access has stopped" in refused.content.decode()
    assert reasons_in(browser.get(LOGIN).content.decode()) == [BY_STOP]


def test_a_stop_is_told_no_longer_than_the_session_would_have_lasted(
    council: Council, browser: Client, teacher: User
) -> None:
    """Whoever comes upon the browser afterwards is not told that somebody was stopped."""
    suspend(actor=council.first, user_id=teacher.pk, reason=StopReason.MISUSE)
    with as_owner_here():
        ends_at = SessionEnd.objects.get(user=teacher).expires_at
        SessionEnd.objects.filter(user=teacher).update(expires_at=ends_at - IDLE)

    assert reasons_in(asked_to_sign_in(browser)) == [BY_IDLENESS]


def test_signing_out_is_told_no_longer_than_the_session_would_have_lasted(browser: Client, teacher: User) -> None:
    browser.post(reverse("account_logout"))
    with as_owner_here():
        end = SessionEnd.objects.get(user=teacher)
        assert end.told_until == end.expires_at


def test_a_reason_is_forgotten_after_a_day(browser: Client, teacher: User) -> None:
    idle_too_long(browser)
    clean_up()
    with as_owner_here():
        end = SessionEnd.objects.get(user=teacher)
        assert timedelta(hours=23) < end.told_until - end.expires_at < timedelta(hours=25)
        SessionEnd.objects.update(told_until=end.told_until - timedelta(days=1, hours=1))

    assert reasons_in(asked_to_sign_in(browser)) == []
    clean_up()
    with as_owner_here():
        assert not SessionEnd.objects.exists()


def test_reasons_are_forgotten_even_where_sessions_cannot_be_removed(browser: Client, teacher: User) -> None:
    idle_too_long(browser)
    clean_up()
    with as_owner_here():
        SessionEnd.objects.update(told_until=F("told_until") - timedelta(days=2))
        with connection.cursor() as cursor:
            cursor.execute("REVOKE DELETE ON access_session FROM contactpoint_worker")

    denied = pytest.raises(ProgrammingError, match="permission denied for table access_session")
    with acting_as("contactpoint_worker"), denied:
        delete_ended_sessions()
    with as_owner_here():
        assert not SessionEnd.objects.exists()


def test_the_reason_stays_through_a_wrong_password_and_is_gone_after_the_sign_in(
    browser: Client, teacher: User, wait: Wait
) -> None:
    idle_too_long(browser)
    asked_to_sign_in(browser)
    wrong = browser.post(LOGIN, {"login": teacher.email.open(), "password": "not this one"})
    assert reasons_in(wrong.content.decode()) == [BY_IDLENESS]

    wait(timedelta(minutes=1))
    factories.signed_in(teacher, client=browser)
    assert reasons_in(browser.get(HOME).content.decode()) == []
    browser.post(reverse("account_logout"))
    assert reasons_in(browser.get(LOGIN).content.decode()) == [BY_ONESELF]


@pytest.mark.usefixtures("own_database")
def test_session_that_ends_while_its_request_is_answered_leads_to_the_reason(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow_older(browser, timedelta(minutes=1))  # so that the request has something to save

    def gone(store: SessionStore, **_: object) -> None:
        SessionStore(store.session_key).delete()
        raise UpdateError

    with monkeypatch.context() as during:
        during.setattr(SessionStore, "save", gone)
        answer = browser.get(MY_ACCESS)

    assert answer.status_code == 302
    assert answer.url.startswith(LOGIN)
    assert reasons_in(browser.get(answer.url).content.decode()) == [BY_ONESELF]


# ---------------------------------------------------------------------------------------------- nothing of whose it was


def test_whose_the_session_was_shows_nowhere(browser: Client, teacher: User) -> None:
    idle_too_long(browser)
    pages = [browser.get(HOME), browser.get(LOGIN), browser.post(MY_ACCESS, {"a": "b"}), browser.get(LOGIN)]
    pages += [browser.get(reverse(name)) for name in ("help", "session")]

    told = "".join(f"{page.headers}{page.cookies}{page.content.decode()}" for page in pages)
    for secret in (teacher.name.open(), teacher.email.open(), teacher.organisation.name, teacher.email_fingerprint):
        assert secret not in told


@pytest.mark.parametrize("made_up", ["", "planted", "0" * 32, "%", "' OR true --", "\x00", "x" * 5000])
def test_a_key_that_was_never_anybodys_is_told_nothing(browser: Client, made_up: str) -> None:
    idle_too_long(browser)
    clean_up()
    stranger = Client()
    stranger.cookies[COOKIE] = made_up

    assert reasons_in(asked_to_sign_in(stranger)) == []


def test_nobody_is_told_of_a_session_that_lasts(browser: Client) -> None:
    assert ending_of(key_of(browser)) is None
    idle_too_long(browser)
    ending = ending_of(key_of(browser))
    assert ending
    assert ending.why == EndReason.RAN_OUT


def test_dead_key_opens_nothing_and_is_never_taken_over(browser: Client, teacher: User, wait: Wait) -> None:
    dead = key_of(browser)
    idle_too_long(browser)
    asked_to_sign_in(browser)
    wait(timedelta(minutes=1))
    factories.signed_in(teacher, client=browser)

    assert key_of(browser) != dead
    thief = Client()
    thief.cookies[COOKIE] = dead
    assert reasons_in(asked_to_sign_in(thief)) == [BY_IDLENESS]


def cookie_set(answer: HttpResponse) -> str | None:
    return answer.cookies[COOKIE].value if COOKIE in answer.cookies else None


def test_browser_keeps_the_dead_key_and_is_given_no_other_cookie(browser: Client) -> None:
    dead = key_of(browser)
    idle_too_long(browser)

    for address in (HOME, LOGIN, reverse("help"), reverse("session")):
        assert cookie_set(browser.get(address)) is None
    assert key_of(browser) == dead
    # Nothing of what was done where they signed in is good for anything: the first page there took it away.
    assert browser.cookies[settings.SIGN_IN_COOKIE_NAME].value == ""
    assert set(browser.cookies) == {
        COOKIE,
        settings.CSRF_COOKIE_NAME,
        settings.SIGN_IN_COOKIE_NAME,
        settings.DEVICE_COOKIE_NAME,
    }
