"""Reading whom a list names, in the words of the page that asks whether to go on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from access.models import Role, UserState
from access.people.actions.inviting import NewPerson
from access.rules.administering import organisations_administered, people_administered
from audit.actors import Actor

HAPPENS = {
    UserState.INVITED: "Invitation withdrawn",
    UserState.JOINING: "Suspended",
    UserState.ACTIVE: "Suspended",
}


@dataclass(frozen=True, slots=True)
class InvitedRow:
    """Somebody who is to be invited."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class LeaverRow:
    """Somebody who is said to have left, and what happens then; nothing where they are out already."""

    id: int
    name: str = field(repr=False)
    email: str = field(repr=False)
    organisation: str
    happens: str


def invited_in_words(actor: Actor, people: Sequence[NewPerson]) -> list[InvitedRow]:
    """Those people in the order given, with the names of the actor's organisations."""
    wanted = {one.organisation_id for one in people}
    names = dict(organisations_administered(actor).filter(pk__in=wanted).values_list("pk", "name"))
    return [InvitedRow(one.name, one.email, Role(one.role).label, names.get(one.organisation_id, "")) for one in people]


def leavers_in_words(actor: Actor, user_ids: Sequence[int]) -> list[LeaverRow]:
    """Those of the people whom the actor administers, by name. In a transaction that records the reading."""
    people = people_administered(actor).filter(pk__in=user_ids)
    rows = [
        LeaverRow(
            id=one.pk,
            name=one.name.open(),
            email=one.email.open(),
            organisation=one.organisation.name,
            happens=HAPPENS.get(UserState(one.state), ""),
        )
        for one in people
    ]
    return sorted(rows, key=lambda row: row.name.casefold())
