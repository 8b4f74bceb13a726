"""Client systems: what the database vouches for."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from access.models import ClientSystem, Organisation, OrganisationKind, Role, Session, SystemCode, User
from access.systems import tokens
from access.systems.actions import acting
from access.systems.actions.systems import NewSystem, accredit_system, ask_for_system, revoke_system
from access.tasks import delete_ended_sessions
from audit.errors import NoLiveSessionError
from audit.events import EventKind
from audit.recorder import About, record
from tests import factories
from tests.acting import acting_as
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_owner_here


class World:
    """An authority with two administrators and a system, and a practitioner of one of its schools."""

    def __init__(self) -> None:
        self.authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        self.school = factories.organisation(authority=self.authority)
        self.first, self.second = (factories.user(role=Role.ADMINISTRATOR, works_for=self.authority) for _ in range(2))
        self.teacher = factories.user(works_for=self.school)
        self.system = factories.client_system(self.authority, asked_by=self.first, accredited_by=self.second)


@pytest.fixture
def world(as_owner: OwnerContext) -> World:
    with as_owner():
        return World()


def _search(person: User, secret: str) -> None:
    bearer = tokens.presented(secret)
    assert bearer is not None
    assert bearer.user == person
    with transaction.atomic():
        record(EventKind.CHILD_SEARCHED, About(criteria={}, trail=uuid4()), actor=bearer.actor(uuid4()))


def test_token_is_its_persons_session(world: World) -> None:
    secret = factories.token_in(world.system, world.teacher)
    _search(world.teacher, secret)
    assert tokens.presented(secret[:-1] + ("A" if secret[-1] != "A" else "B")) is None


def test_two_people_accredit_it(world: World) -> None:
    first, second = factories.actor_for(world.first), factories.actor_for(world.second)
    new = NewSystem(world.authority.pk, "Other", ["https://o.example.org/"], {"keys": []}, factories.today())
    factories.show(first)
    asked = ask_for_system(actor=first, new=new)
    factories.show(second)
    accredit_system(actor=second, system_id=asked.pk)
    assert ClientSystem.objects.get(pk=asked.pk).accredited_at


def test_revoked_it_ends_at_once(world: World) -> None:
    secret = factories.token_in(world.system, world.teacher)
    actor = factories.actor_for(world.first)
    revoke_system(actor=actor, system_id=world.system.pk)
    assert tokens.presented(secret) is None


def test_renewed_the_token_before_opens_nothing(world: World) -> None:
    with signing_in():
        actor = factories._signed_in_actor(world.teacher)
        code = acting.allow(actor=actor, system=world.system, address=factories.SYSTEM_ADDRESS, challenge="c" * 43)
        begun = acting.begin(system=world.system, code=code, in_words="Case files")
        assert begun is not None
        renewed = acting.renew(system=world.system, renewal=begun.renewal)
        assert renewed is not None
    assert tokens.presented(begun.access_token) is None
    _search(world.teacher, renewed.access_token)
    with signing_in():
        assert acting.renew(system=world.system, renewal=begun.renewal) is None
    assert tokens.presented(renewed.access_token) is None, "a refresh token used twice ends the session"


def test_code_used_twice_ends_what_it_began(world: World) -> None:
    with signing_in():
        actor = factories._signed_in_actor(world.teacher)
        code = acting.allow(actor=actor, system=world.system, address=factories.SYSTEM_ADDRESS, challenge="c" * 43)
        begun = acting.begin(system=world.system, code=code, in_words="Case files")
        assert begun is not None
        assert acting.begin(system=world.system, code=code, in_words="Case files") is None
    assert tokens.presented(begun.access_token) is None


def test_refused_where_its_organisation_lapsed(world: World, as_owner: OwnerContext) -> None:
    secret = factories.token_in(world.system, world.teacher)
    with as_owner():
        Organisation.objects.filter(pk=world.authority.pk).update(
            accredited_until=factories.today() - timedelta(days=1)
        )
    bearer = tokens.presented(secret)
    assert bearer is not None
    assert bearer.standing == "organisation"
    with pytest.raises(NoLiveSessionError), transaction.atomic():
        record(EventKind.CHILD_SEARCHED, About(criteria={}), actor=bearer.actor(uuid4()))
    with transaction.atomic():
        record(EventKind.ACCESS_REFUSED, actor=bearer.actor(uuid4()))


def _codes() -> int:
    with as_owner_here():
        return SystemCode.objects.count()


def test_worker_deletes_codes_once_nobody_asks_whether_they_were_used(world: World) -> None:
    with signing_in():
        actor = factories._signed_in_actor(world.teacher)
        code = acting.allow(actor=actor, system=world.system, address=factories.SYSTEM_ADDRESS, challenge="c" * 43)
        assert acting.begin(system=world.system, code=code, in_words="Case files")
    for ended, left in ((acting.KEPT_FOR - timedelta(minutes=1), 1), (acting.KEPT_FOR + timedelta(minutes=1), 0)):
        with as_owner_here():
            SystemCode.objects.update(expires_at=timezone.now() - ended)
        with acting_as("contactpoint_worker"):
            delete_ended_sessions()
        assert _codes() == left


def test_codes_are_deleted_even_where_sessions_cannot_be(world: World) -> None:
    factories.token_in(world.system, world.teacher)
    with as_owner_here(), connection.cursor() as cursor:
        SystemCode.objects.update(expires_at=timezone.now() - timedelta(days=1))
        cursor.execute("REVOKE DELETE ON access_session FROM contactpoint_worker")
    denied = pytest.raises(ProgrammingError, match="permission denied for table access_session")
    with acting_as("contactpoint_worker"), denied:
        delete_ended_sessions()
    assert _codes() == 0


def test_worker_deletes_sessions_in_systems_that_ran_out(world: World) -> None:
    secret = factories.token_in(world.system, world.teacher)
    with as_owner_here():
        Session.objects.filter(system=world.system).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert tokens.presented(secret) is None
    with acting_as("contactpoint_worker"):
        delete_ended_sessions()
    with as_owner_here():
        assert not Session.objects.filter(system=world.system).exists()
