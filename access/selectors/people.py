"""Reading who is in the service and how they stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from access import grants
from access.models import User, UserState
from access.roles import Role
from access.vetting import may_enter


@dataclass(frozen=True, slots=True)
class Standing:
    """A user, whether they may come in today, and when the next of their items runs out."""

    name: str
    organisation: str
    role: str
    state: str
    may_enter: bool
    expires_on: date | None


def people_administered_by(administrator: User, *, today: date) -> list[Standing]:
    """The users of the organisations that `administrator` was granted or that these answer for, by name."""
    granted = list(grants.organisations_granted(administrator, grants.ADMINISTER))
    theirs = Q(organisation__in=granted) | Q(organisation__responsible_authority__in=granted)
    users = User.objects.filter(theirs)
    return sorted((_standing(user, today) for user in users), key=lambda one: one.name.casefold())


def names_of(user_ids: Collection[int]) -> dict[int, str]:
    """The names of those users, by id."""
    return {user.pk: user.name.open() for user in User.objects.filter(pk__in=user_ids)}


def _standing(user: User, today: date) -> Standing:
    may = may_enter(user, today=today)
    return Standing(
        name=user.name.open(),
        organisation=user.organisation.name,
        role=Role(user.role).label,
        state=user.get_state_display() if may or user.state != UserState.ACTIVE else "Not complete",
        may_enter=may,
        expires_on=min(filter(None, [user.valid_until, user.organisation.accredited_until])),
    )
