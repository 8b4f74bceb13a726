"""API tokens: shown once, kept as a fingerprint, and worth nothing the moment what they hang on gives way."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from access.models import ApiToken, Organisation, Role, User, UserState
from access.rules.errors import NotAdministeredError, NotFoundError
from access.software.actions.tokens import NewToken, make_token, revoke_token
from access.software.tokens import PREFIX, presented, token_fingerprint
from audit.actors import Process
from audit.errors import NoLiveSessionError
from audit.events import EventKind, Outcome
from audit.recorder import About, record
from tests import factories, people
from tests.conftest import OwnerContext
from tests.integration.access.feeding import Place, Software, address, place, refused, software_of
from tests.log import events, last_event

LIST, MAKE, MADE = "/api-tokens/", "/api-tokens/make/", "/api-tokens/made/"
USERS = "/scim/v2/Users"


@pytest.fixture
def here(as_owner: OwnerContext) -> Place:
    return place(as_owner)


@pytest.fixture
def teacher(here: Place, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(works_for=here.school)


def made_by(browser: Client, organisation: Organisation) -> str:
    """Make a token on the page; returns the page that shows it."""
    form = {"label": "Personnel <system>", "organisation": organisation.directory_code, "days": 90}
    assert browser.post(MAKE, form).url == MADE
    return browser.get(MADE).content.decode()


def test_token_is_shown_once_and_works(here: Place) -> None:
    browser = factories.signed_in(here.administrator)
    page = made_by(browser, here.authority)
    secret = PREFIX + page.split(PREFIX)[1][:43]

    assert Software(secret, 0).call("GET", USERS).status_code == HTTPStatus.OK
    assert browser.get(MADE).url == LIST
    listed = browser.get(LIST).content.decode()
    assert PREFIX not in listed
    assert "Personnel &lt;system&gt;" in listed
    event = last_event(kind=EventKind.TOKEN_MADE)
    assert (event.actor_id, event.user_id) == (here.administrator.pk, here.administrator.pk)


def test_database_holds_no_token(here: Place, as_owner: OwnerContext) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT access_apitoken::text FROM access_apitoken")
        rows = " ".join(row for (row,) in cursor.fetchall())

    assert here.software.secret not in rows
    assert here.software.secret.removeprefix(PREFIX) not in rows
    assert token_fingerprint(here.software.secret) in rows
    assert "Personnel" not in rows


def test_revoked_token_is_refused_from_the_next_request_on(here: Place) -> None:
    browser = factories.signed_in(here.administrator)
    page = f"/api-tokens/{here.software.token_id}/revoke/"
    assert "Personnel system" in browser.get(page).content.decode()
    assert browser.post(page).url == LIST
    browser.post(page)

    assert "revoked" in refused(here.software.call("GET", USERS), HTTPStatus.UNAUTHORIZED)
    assert "Revoked" in browser.get(LIST).content.decode()


def expire(here: Place) -> None:
    long_ago = timezone.now() - timedelta(days=2)
    ApiToken.objects.filter(pk=here.software.token_id).update(made_at=long_ago, expires_at=long_ago + timedelta(days=1))


def lapse(here: Place) -> None:
    Organisation.objects.filter(pk=here.authority.pk).update(accredited_until=factories.today() - timedelta(days=1))


def suspend(here: Place) -> None:
    User.objects.filter(pk=here.administrator.pk).update(state=UserState.SUSPENDED)


def demote(here: Place) -> None:
    User.objects.filter(pk=here.administrator.pk).update(role=Role.PRACTITIONER)


@pytest.mark.parametrize(
    ("stop", "says"),
    [
        (expire, "has run out"),
        (lapse, "accreditation has run out"),
        (suspend, "administrator who answers"),
        (demote, "administrator who answers"),
    ],
)
def test_token_stops_with_what_it_hangs_on(
    here: Place, teacher: User, as_owner: OwnerContext, stop: Callable[[Place], None], says: str
) -> None:
    assert here.software.call("GET", address(teacher)).status_code == HTTPStatus.OK
    with as_owner():
        stop(here)

    for _ in range(3):
        assert says in refused(here.software.patch(teacher, value=False), HTTPStatus.UNAUTHORIZED)
    assert people.one(pk=teacher.pk).state == UserState.ACTIVE
    (event,) = events(kind=EventKind.ACCESS_REFUSED)  # not one for each attempt
    assert (event.process, event.outcome) == (f"token.{here.software.token_id}", Outcome.NOT_PERMITTED)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", f"Bearer {PREFIX}{'a' * 43}", "Bearer x", f"Bearer {'a' * 9000}"]
)
@pytest.mark.parametrize("path", [USERS, "/scim/v2/Schemas", "/scim/v2/nowhere", "/feeds/leavers/"])
def test_without_a_token_nothing_is_answered_or_recorded(db: None, header: str, path: str) -> None:
    before = len(events())
    response = Client().get(path, headers={"Authorization": header} if header else {})

    refused(response, HTTPStatus.UNAUTHORIZED)
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert not response.cookies
    assert len(events()) == before


def test_token_in_an_address_is_refused(here: Place) -> None:
    for query in (f"access_token={here.software.secret}", f"filter=userName+eq+%22{here.software.secret}%22"):
        assert "revoke" in refused(here.software.call("GET", f"{USERS}?{query}"), HTTPStatus.BAD_REQUEST)


def test_administrator_makes_tokens_for_their_own_organisations_alone(here: Place, as_owner: OwnerContext) -> None:
    with as_owner():
        other = factories.organisation()
    actor = factories.actor_for(here.administrator)
    with pytest.raises(NotAdministeredError):
        make_token(actor=actor, new=NewToken(other.pk, "x", 30))
    browser = factories.signed_in(here.administrator)
    page = browser.post(MAKE, {"label": "x", "organisation": other.directory_code, "days": 90}).content.decode()
    assert "There is a problem" in page


def test_tokens_of_other_organisations_are_not_there(here: Place, as_owner: OwnerContext) -> None:
    with as_owner():
        stranger = factories.user(role=Role.ADMINISTRATOR)
    browser = factories.signed_in(stranger)

    assert browser.get(f"/api-tokens/{here.software.token_id}/revoke/").status_code == HTTPStatus.NOT_FOUND
    assert browser.post(f"/api-tokens/{here.software.token_id}/revoke/").status_code == HTTPStatus.NOT_FOUND
    with pytest.raises(NotFoundError):
        revoke_token(actor=factories.actor_for(stranger), token_id=here.software.token_id)
    assert here.software.call("GET", USERS).status_code == HTTPStatus.OK


# What somebody could do who has taken the web process over, and speaks SQL as its role.


def attempt(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 0, "something was done"


def test_web_role_reads_no_fingerprint(here: Place) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        attempt("SELECT token_fingerprint FROM access_apitoken")
    with pytest.raises(ProgrammingError, match="permission denied"):
        attempt("UPDATE access_apitoken SET label = label RETURNING token_fingerprint")


def test_process_claims_no_token_that_it_does_not_hold(here: Place, as_owner: OwnerContext, teacher: User) -> None:
    with as_owner():
        other = factories.user(role=Role.ADMINISTRATOR)
        stranger = factories.user()
    mine = presented(software_of(other, other.organisation).secret)
    theirs = presented(here.software.secret)
    assert mine
    assert theirs
    own = theirs.process(factories.SETTING_UP_REQUEST)
    forged = [
        (Process(own.name, None, own.organisation_id, own.authority_id, "0" * 32), None),
        (Process(own.name, None, own.organisation_id, own.authority_id, mine.key), None),
        (Process("token.1000000", None, own.organisation_id, own.authority_id, theirs.key), None),
        (Process(own.name, None, other.organisation_id, other.organisation_id, theirs.key), None),
        (own, stranger.pk),
    ]

    for process, user_id in forged:
        with pytest.raises(NoLiveSessionError), transaction.atomic():
            record(EventKind.USER_READ, About(user_id=user_id or teacher.pk), actor=process)
    for kind in (EventKind.TOKEN_MADE, EventKind.USER_INVITED, EventKind.CHILD_SHOWN, EventKind.LOG_READ):
        with pytest.raises(NoLiveSessionError), transaction.atomic():
            record(kind, About(), actor=own)
    with pytest.raises(NoLiveSessionError), transaction.atomic():
        record(EventKind.USER_READ, About(child_id=1), actor=own)


def test_token_that_stops_during_a_request_changes_nothing(here: Place, teacher: User, as_owner: OwnerContext) -> None:
    token = presented(here.software.secret)
    assert token
    with as_owner():
        suspend(here)

    with pytest.raises(NoLiveSessionError), transaction.atomic():
        record(EventKind.USER_SUSPENDED, About(user_id=teacher.pk), actor=token.process(factories.SETTING_UP_REQUEST))


def test_use_is_noted_by_the_day(here: Place) -> None:
    assert ApiToken.objects.get(pk=here.software.token_id).last_used_on is None
    here.software.call("GET", USERS)

    assert ApiToken.objects.get(pk=here.software.token_id).last_used_on is not None
