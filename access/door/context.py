"""What every page knows about the person who reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from access.door import endings
from access.door.actors import user_of
from access.door.calls import Standing, call_in
from access.door.endings import Earlier
from access.door.lasting import Lasting, lasting
from access.rules.roles import Permission, permissions_of
from access.rules.vetting import may_enter


@dataclass(frozen=True, slots=True)
class OnCall:
    """For whom a mediator looks up. Forms carry `key`, so that none is sent during another call."""

    name: str
    organisation: str
    until: datetime
    key: str

    @property
    def seconds(self) -> int:
        """How long it lasts from now on."""
        return max(0, int((self.until - timezone.now()).total_seconds()))


@dataclass(frozen=True, slots=True)
class Person:
    """The signed-in person, as the page's head shows them, and until when they are signed in.

    `navigation` is (text, address, whether it is this page).
    """

    name: str
    organisation: str
    navigation: list[tuple[str, str, bool]]
    call: OnCall | None
    lasting: Lasting | None


# For whoever cannot come in today there is nothing else.
FOR_EVERYBODY = ("my_access", "mfa_index")

NAVIGATION: tuple[tuple[str, str, Permission | None], ...] = (
    ("Start", "home", None),
    ("Who is asking?", "asking", Permission.CALL_TAKE),
    ("Find a child", "search", Permission.CHILD_SEARCH),
    ("People", "people", Permission.PEOPLE_LIST),
    ("Organisations", "organisations", Permission.ORGANISATION_KEEP),
    ("Emergency stop", "stops", Permission.SERVICE_STOP),
    ("Cases", "cases", Permission.LOG_READ),
    ("Protected children", "shields", Permission.SHIELD_DECIDE),
    ("Access log", "log", Permission.LOG_READ),
    ("Alerts", "alerts", Permission.LOG_READ),
    ("My access", "my_access", None),
    ("Security", "mfa_index", None),
)


def person(request: HttpRequest) -> dict[str, Person | None]:
    """Template variable `person`: who is signed in, or None."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"person": None}
    user = user_of(request)
    permissions = permissions_of(user.role)
    match = request.resolver_match
    here = match.url_name if match else None
    entering = may_enter(user, today=timezone.localdate())
    navigation = [
        (text, reverse(name), name == here)
        for text, name, permission in NAVIGATION
        if (entering or name in FOR_EVERYBODY) and (permission is None or permission in permissions)
    ]
    name, organisation = user.name.open(), user.organisation.name
    return {"person": Person(name, organisation, navigation, _call(request), lasting(request))}


def earlier_session(request: HttpRequest) -> dict[str, Callable[[], Earlier | None]]:
    """Template function `earlier_session()`: the session that ended in this browser, or None."""
    return {"earlier_session": lambda: endings.earlier(request)}


def _call(request: HttpRequest) -> OnCall | None:
    call = call_in(request)
    if call is None or call.standing != Standing.LIVE:
        return None
    return OnCall(call.name, call.colleague.organisation.name, call.expires_at, str(call.id))
