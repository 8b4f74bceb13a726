"""The steps with shields and identities for which a second factor has just been shown, each as far as the last one."""

import re
from datetime import date

from access.models import Organisation, User
from access.people.actions.overriding import ask_override
from audit.actors import Actor
from audit.reasons import IdentityReason
from registry.actions import identities, leaves
from registry.actions.shields import read_shield
from registry.forms.identities import Wanted
from registry.references import refer_to
from registry.vocabulary import Gender
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.severing import identities_of_each_kind, number_of


def leave_asked_for(authority: Organisation, first: Actor, second: Actor) -> tuple[str, int, str]:
    """A reference of `second` to a shielded child, the number of what `first` asked for, and whom it is to let see."""
    with as_owner_here():
        child = factories.child(authority=authority, given="Nadia", family="Rahman", shielded_since=factories.today())
        person = factories.user(works_for=authority)
    email = person.email.open()
    leaves.ask_leave(actor=first, child_id=child.pk, email=email, until=factories.today())
    (leave,) = read_shield(actor=first, child_id=child.pk).leaves
    factories.show(second)
    return refer_to(second, child.pk), leave.id, email


def override_asked_for(authority: Organisation, first: Actor, second: Actor) -> User:
    """Somebody of whom `first` asked that they may override shields."""
    with as_owner_here():
        person = factories.user(works_for=authority)
    ask_override(actor=first, user_id=person.pk)
    factories.show(second)
    return person


def identity_asked_for(authority: Organisation, first: Actor, second: Actor) -> tuple[str, int]:
    """A reference of `second` to a child, and the number of the new identity that `first` asked for."""
    with as_owner_here():
        child = factories.child(authority=authority, given="Nadia", family="Rahman")
    wanted = Wanted("Wren", "Alderton", date(2017, 4, 9), Gender.FEMALE, authority.pk, None)
    identities.find_record(actor=first, number=number_of(child.pk))
    identities.ask_identity(actor=first, child_id=child.pk, reason=IdentityReason.ADOPTED, wanted=wanted)
    (request,) = identities.read_identity(actor=first, child_id=child.pk).requests
    factories.show(second)
    return refer_to(second, child.pk), request.id


def link_asked_for(authority: Organisation, first: Actor, second: Actor) -> tuple[int, str]:
    """The number of the link that `first` asked for, and the number of the closed record."""
    closed = identities_of_each_kind(authority, first, second)
    asked = next(link for link in identities.list_identities(actor=second).links if link.asked_by_id == first.user_id)
    factories.show(second)
    return asked.id, re.sub(r"\D", "", closed)
