"""A system that follows records and is told, as it does it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings

from access.models import Organisation, Telling
from audit.actors import Process
from registry.models import Child, Following, Untold
from registry.vocabulary import NameKind
from registry.worker import telling
from registry.worker.changing import Values, change_each, values_of
from tests import factories
from tests.acting import taken_for
from tests.conftest import as_owner_here, as_worker
from tests.integration.api.asking import Asking, system_of, told
from tests.integration.registry.people import AddChildren, Town, full_draft
from tests.receiver import Receiver, receiving


@dataclass
class Follower:
    """The town's teacher in a system that is told, with a child whose school they work for."""

    asking: Asking
    child: Child
    receiver: Receiver

    def follow(self, child: str = "", asking: Asking | None = None) -> HttpResponse:
        who = asking or self.asking
        return who.ask("POST", f"/children/{child or who.child()}/following")

    def following(self) -> str:
        """Opened and followed; what it is known by. The worker has looked once."""
        reference = self.asking.child()
        self.asking.opened(reference)
        known = told(self.follow(reference))["following"]
        assert tell() == 0
        return str(known)

    def unfollow(self, following: str) -> HttpResponse:
        return self.asking.ask("DELETE", f"/followings/{following}")

    def told(self) -> list[str]:
        return self.receiver.told(keys())


@contextmanager
def follower_of(town: Town, add: AddChildren) -> Iterator[Follower]:
    with receiving() as receiver:
        (child,) = add(full_draft(town))
        system = system_of(town.authority, telling_address=receiver.address)
        yield Follower(Asking(system, town.teacher), child, receiver)


def tell() -> int:
    """One pass of the worker, in no transaction but its own. How many notices were taken."""
    with override_settings(KEYRING_HOLDER="worker"), taken_for("contactpoint_worker"):
        return telling.tell_followers()


def keys() -> dict[str, Any]:
    """As the service publishes them."""
    return dict(Client().get("/.well-known/jwks.json").json())


def due_now() -> None:
    """Have everything that waits be due, and no system be left alone any more."""
    with as_owner_here():
        Untold.objects.update(next_at="2020-01-01T00:00:00Z")
        Telling.objects.update(next_at="2020-01-01T00:00:00Z")


def waiting() -> int:
    with as_owner_here():
        return Untold.objects.count()


def followings() -> list[Following]:
    with as_owner_here():
        return list(Following.objects.order_by("pk"))


def telling_of(follower: Follower) -> Telling:
    with as_owner_here():
        return Telling.objects.get(pk=follower.asking.system.pk)


def execute(statement: str, *arguments: object) -> None:
    """As the owner, past every page."""
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)


def yesterday() -> date:
    return factories.today() - timedelta(days=1)


def change(child: Child, **changes: Any) -> None:
    """Have a supplier say something else of the child."""

    def make(values: Values) -> Values:
        return replace(values, **changes)

    with as_worker():
        change_each(actor=Process("tests"), makes={child.pk: make})


def values(child: Child) -> Values:
    with as_worker():
        return values_of([child.pk])[child.pk]


def without(child: Child, organisation: Organisation) -> None:
    """Have nobody of the organisation work with the child any more."""
    left = [each for each in values(child).involvements if each[1].organisation_id != organisation.pk]
    change(child, involvements=tuple(left))


def renamed(child: Child, family: str) -> None:
    """Have the child have another legal name."""
    names = [
        (kind, replace(name, family=family) if kind == NameKind.LEGAL else name) for kind, name in values(child).names
    ]
    change(child, names=tuple(names))
