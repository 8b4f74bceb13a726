"""What software shows: a token that its system fetched, worth nothing the moment what the system hangs on gives way."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from types import ModuleType
from unittest import mock

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from access.door import clients
from access.door.clients import CLIENT, client_fingerprint, presented
from access.models import Organisation, OrganisationKind, Role, Stop, StopScope, SystemPurpose, User, UserState
from access.software.api import guard
from access.systems.actions.systems import revoke_system
from access.tasks import delete_ended_sessions
from audit.actors import Process
from audit.errors import NoLiveSessionError
from audit.events import EventKind, Outcome
from audit.recorder import About, record
from tests import factories, people
from tests.acting import acting_as
from tests.conftest import OwnerContext
from tests.integration.access.feeding import Place, address, personnel_system, place, refused, software_of
from tests.log import events, last_event

USERS = "/scim/v2/Users"
NONE = {"", "Basic YTpi"}  # no token was shown: what is wrong with it is not said (RFC 6750, 3.1)


@pytest.fixture
def here(as_owner: OwnerContext) -> Place:
    return place(as_owner)


@pytest.fixture
def teacher(here: Place, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(works_for=here.school)


def test_database_holds_no_token(here: Place, as_owner: OwnerContext) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT access_systemtoken::text FROM access_systemtoken")
        rows = " ".join(row for (row,) in cursor.fetchall())

    assert here.software.secret not in rows
    assert here.software.secret.removeprefix(CLIENT) not in rows
    assert client_fingerprint(here.software.secret) in rows


def test_token_of_a_system_that_is_revoked_opens_nothing_from_the_next_request_on(here: Place, teacher: User) -> None:
    assert here.software.call("GET", address(teacher)).status_code == HTTPStatus.OK
    revoke_system(actor=factories.actor_for(here.administrator), system_id=here.software.system.pk)

    assert "opens nothing" in refused(here.software.patch(teacher, value=False), HTTPStatus.UNAUTHORIZED)
    assert people.one(pk=teacher.pk).state == UserState.ACTIVE
    with pytest.raises(NoLiveSessionError):
        factories.client_token(here.software.system)


@pytest.mark.parametrize(("module", "purpose"), [(clients, SystemPurpose.FEED), (guard, SystemPurpose.LEAVERS)])
def test_system_that_is_revoked_while_it_is_refused_is_told_that_it_was(
    here: Place, as_owner: OwnerContext, module: ModuleType, purpose: SystemPurpose
) -> None:
    """Whether for what it is there for, or by the page. It is recorded, though nothing vouches for it any more."""
    with as_owner():
        elsewhere = factories.user(works_for=factories.organisation())
        people_of_it = {"asked_by": here.administrator, "accredited_by": here.second}
        feed = 1 if purpose == SystemPurpose.FEED else None
        system = factories.client_system(here.authority, **people_of_it, purpose=purpose, feed=feed)
    software, actor = software_of(system), factories.actor_for(here.administrator)

    def revoke(*_: object) -> None:
        revoke_system(actor=actor, system_id=system.pk)
        raise NoLiveSessionError("no live token vouches for the event")

    with mock.patch.object(module, "note_of", side_effect=revoke):
        answer = software.call("GET", address(elsewhere))
    assert "stopped while this request was under way" in refused(answer, HTTPStatus.UNAUTHORIZED)
    assert "invalid_token" in answer["WWW-Authenticate"]
    assert last_event(kind=EventKind.ACCESS_REFUSED).outcome == Outcome.SESSION_ENDED


def lapse(here: Place) -> None:
    Organisation.objects.filter(pk=here.authority.pk).update(accredited_until=factories.today() - timedelta(days=1))


def stop(here: Place) -> None:
    Stop.objects.create(
        scope=StopScope.ORGANISATION, organisation=here.authority, reason="incident", begun_at=timezone.now()
    )


def run_out(here: Place) -> None:
    yesterday = factories.today() - timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE access_clientsystem DISABLE TRIGGER access_clientsystem_changes")
        cursor.execute("UPDATE access_clientsystem SET accredited_until = %s", [yesterday])
        cursor.execute("ALTER TABLE access_clientsystem ENABLE TRIGGER access_clientsystem_changes")


@pytest.mark.parametrize(
    ("give_way", "says"),
    [
        (run_out, "accreditation of this system has run out"),
        (lapse, "accreditation has run out or it was stopped"),
        (stop, "accreditation has run out or it was stopped"),
    ],
)
def test_token_stops_with_what_it_hangs_on(
    here: Place, teacher: User, as_owner: OwnerContext, give_way: Callable[[Place], None], says: str
) -> None:
    assert here.software.call("GET", address(teacher)).status_code == HTTPStatus.OK
    with as_owner():
        give_way(here)

    for _ in range(3):
        assert says in refused(here.software.patch(teacher, value=False), HTTPStatus.UNAUTHORIZED)
    assert people.one(pk=teacher.pk).state == UserState.ACTIVE
    (event,) = events(kind=EventKind.ACCESS_REFUSED)  # not one for each attempt
    assert (event.process, event.outcome) == (f"system.{here.software.system.pk}", Outcome.NOT_PERMITTED)
    with pytest.raises(NoLiveSessionError):
        factories.client_token(here.software.system)


def test_token_is_over_after_a_quarter_of_an_hour_and_then_goes(here: Place, as_owner: OwnerContext) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_systemtoken SET given_at = given_at - interval '15 minutes', expires_at = now()")
    refused(here.software.call("GET", USERS), HTTPStatus.UNAUTHORIZED)
    assert software_of(here.software.system).call("GET", USERS).status_code == HTTPStatus.OK

    with acting_as("contactpoint_worker"):
        delete_ended_sessions()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_systemtoken")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", f"Bearer {CLIENT}{'a' * 43}", "Bearer x", f"Bearer {'a' * 9000}"]
)
@pytest.mark.parametrize("path", [USERS, "/scim/v2/Schemas", "/scim/v2/nowhere", "/feeds/leavers/"])
def test_without_a_token_nothing_is_answered_or_recorded(db: None, header: str, path: str) -> None:
    before = len(events())
    response = Client().get(path, headers={"Authorization": header} if header else {})

    refused(response, HTTPStatus.UNAUTHORIZED)
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert ("invalid_token" in response["WWW-Authenticate"]) == (header.removeprefix("Bearer").strip() not in NONE)
    assert not response.cookies
    assert len(events()) == before


def test_token_in_an_address_is_refused(here: Place) -> None:
    for query in (f"access_token={here.software.secret}", f"filter=userName+eq+%22{here.software.secret}%22"):
        assert "Give it back" in refused(here.software.call("GET", f"{USERS}?{query}"), HTTPStatus.BAD_REQUEST)


# A token of one purpose where another is asked for


def test_token_of_a_system_with_another_purpose_is_refused_and_that_is_recorded(
    here: Place, as_owner: OwnerContext, teacher: User
) -> None:
    with as_owner():
        system = factories.client_system(
            here.authority,
            asked_by=here.administrator,
            accredited_by=here.second,
            purpose=SystemPurpose.FEED,
            feed=1,
        )
    software = software_of(system)

    for answer in (software.patch(teacher, value=False), software.send(teacher.email.open()), software.find("x")):
        assert "something else" in refused(answer, HTTPStatus.FORBIDDEN)
    assert people.one(pk=teacher.pk).state == UserState.ACTIVE
    (event,) = events(kind=EventKind.ACCESS_REFUSED)
    assert event.process == f"system.{system.pk}"


def test_token_of_somebody_at_work_opens_nothing_here(here: Place, as_owner: OwnerContext, teacher: User) -> None:
    with as_owner():
        system = factories.client_system(here.authority, asked_by=here.administrator, accredited_by=here.second)
    here.software.secret = factories.token_in(system, teacher)

    for answer in (here.software.call("GET", USERS), here.software.send(teacher.email.open())):
        refused(answer, HTTPStatus.UNAUTHORIZED)


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/searches", "/api/v1/children/x/openings"])
def test_token_of_software_asks_in_nobodys_name(here: Place, path: str) -> None:
    answer = here.software.call("GET" if path.endswith("me") else "POST", path, {})

    assert (answer.status_code, answer.json()["code"]) == (HTTPStatus.UNAUTHORIZED, "invalid_token")


def test_system_in_which_people_work_is_given_no_token_of_its_own(here: Place, as_owner: OwnerContext) -> None:
    with as_owner():
        system = factories.client_system(here.authority, asked_by=here.administrator, accredited_by=here.second)
    with pytest.raises(NoLiveSessionError):
        factories.client_token(system)


def test_nobody_lets_software_act_for_them(here: Place, teacher: User) -> None:
    with pytest.raises(NoLiveSessionError):
        factories.token_in(here.software.system, teacher)


# What somebody could do who has taken the web process over, and speaks SQL as its role.


def test_process_claims_no_token_that_it_does_not_hold(here: Place, as_owner: OwnerContext, teacher: User) -> None:
    with as_owner():
        stranger = factories.user()
        other = factories.organisation(kind=OrganisationKind.AUTHORITY)
        first, second = (factories.user(role=Role.ADMINISTRATOR, works_for=other) for _ in range(2))
        elsewhere = personnel_system(other, first, second)
    mine, theirs = presented(factories.client_token(elsewhere)), presented(here.software.secret)
    assert mine
    assert theirs
    own = theirs.process(factories.SETTING_UP_REQUEST)
    forged = [
        (Process(own.name, None, own.organisation_id, own.authority_id, "0" * 32), None),
        (Process(own.name, None, own.organisation_id, own.authority_id, mine.key), None),
        (Process("system.1000000", None, own.organisation_id, own.authority_id, theirs.key), None),
        (Process(f"token.{theirs.system_id}", None, own.organisation_id, own.authority_id, theirs.key), None),
        (Process(own.name, None, other.pk, other.pk, theirs.key), None),
        (own, stranger.pk),
    ]

    for process, user_id in forged:
        with pytest.raises(NoLiveSessionError), transaction.atomic():
            record(EventKind.USER_READ, About(user_id=user_id or teacher.pk), actor=process)
    with pytest.raises(NoLiveSessionError), transaction.atomic():
        record(EventKind.USER_READ, About(child_id=1), actor=own)


def test_token_that_stops_during_a_request_changes_nothing(here: Place, teacher: User, as_owner: OwnerContext) -> None:
    client = presented(here.software.secret)
    assert client
    with as_owner():
        lapse(here)

    with pytest.raises(NoLiveSessionError), transaction.atomic():
        record(EventKind.USER_SUSPENDED, About(user_id=teacher.pk), actor=client.process(factories.SETTING_UP_REQUEST))
