"""Reading emergency stops: what is stopped now, and how many people a stop concerns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from access.models import Stop, StopScope, User
from access.models.user import SIGNING_IN
from access.people.selectors.people import names_of
from access.rules.administering import reach_of
from audit.actors import Actor


@dataclass(frozen=True, slots=True)
class Stopped:
    """What is stopped, since when, why and by whom. `mine`: the actor began it. `target`: the user or organisation."""

    scope: StopScope
    target: int | None
    what: str = field(repr=False)
    reason: str
    begun_at: datetime
    begun_by: str = field(repr=False)
    mine: bool

    @property
    def another_lifts(self) -> bool:
        """Whether somebody else than the actor must lift it."""
        return self.mine and self.scope != StopScope.USER


def live_stops(actor: Actor) -> QuerySet[Stop]:
    """The stops in force of people and organisations that the actor decides for, and that of the service."""
    reach = reach_of(actor)
    theirs = Q(user__in=reach.people()) | Q(organisation__in=reach.organisations())
    live = Stop.objects.filter(theirs | Q(scope=StopScope.SERVICE), lifted_at=None)
    return live.select_related("organisation").order_by("-begun_at", "-pk")


def shown_stops(actor: Actor, stops: Sequence[Stop]) -> list[Stopped]:
    """The stops in words. In a transaction that recorded the reading of the people among them."""
    named = {each for stop in stops for each in (stop.user_id, stop.begun_by_id) if each is not None}
    names = names_of(named)
    return [_shown(actor, stop, names) for stop in stops]


def people_concerned(scope: StopScope, target: int | None) -> int:
    """How many people could use the service, or are joining, whom such a stop would refuse."""
    if scope == StopScope.SERVICE:
        return _people_in_service()
    people: QuerySet[User] = User.objects.filter(state__in=SIGNING_IN)
    theirs = people.filter(pk=target or 0) if scope == StopScope.USER else people.filter(organisation=target)
    return theirs.count()


def _people_in_service() -> int:
    """A number that the database tells without showing anybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_people_in_service()")
        (number,) = cursor.fetchone()
    return int(number)


def _shown(actor: Actor, stop: Stop, names: dict[int, str]) -> Stopped:
    return Stopped(
        scope=StopScope(stop.scope),
        target=stop.user_id or stop.organisation_id,
        what=_what(stop, names),
        reason=stop.get_reason_display(),
        begun_at=stop.begun_at,
        begun_by=names.get(stop.begun_by_id or 0, "The operator, from the shell"),
        mine=stop.begun_by_id == actor.user_id,
    )


def _what(stop: Stop, names: dict[int, str]) -> str:
    if stop.scope == StopScope.SERVICE:
        return "The whole service"
    return stop.organisation.name if stop.organisation else names[stop.user_id or 0]
