"""New identities as those who ask, approve and sever them make them, by pages and processes."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation
from audit.actors import Actor
from audit.reasons import EscrowReason, IdentityReason
from registry.actions import identities
from registry.models import Child, ChildName, NewIdentity
from registry.protection import escrow
from registry.protection.new_identity import Wanted
from registry.vocabulary import Gender
from registry.worker import severing
from tests import factories
from tests.acting import acting_as
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.shielding import Office, file_shielded
from tests.integration.registry.visiting import Visitor, main_of, text_of

LIST = reverse("identities")
WANTED = {
    "reason": "adopted",
    "given": "Wren",
    "family": "Alderton",
    "date_of_birth_day": "9",
    "date_of_birth_month": "4",
    "date_of_birth_year": "2017",
    "gender": "female",
    "lines": "7 Quiet Close",
    "town": "Kendal",
    "postcode": "LA9 4AA",
}


@dataclass(frozen=True)
class Desk:
    """Two administrators at the pages, and the child's record with its number."""

    office: Office
    first: Visitor
    second: Visitor
    number: str

    @property
    def child_id(self) -> int:
        return self.office.child.pk

    def page_of(self, visitor: Visitor) -> str:
        """The address to which the record's number leads."""
        found = visitor.browser.post(LIST, {"number": self.number})
        assert found.status_code == 302, main_of(found)
        return str(found.headers["Location"])

    def ask(self, **changes: str) -> str:
        """Ask for it by the first one's pages. Returns what is shown then."""
        town = self.office.town
        typed = {**WANTED, "authority": str(town.authority.pk), **changes}
        return main_of(self.first.fill(self.page_of(self.first), **typed))

    def approve(self, visitor: Visitor | None = None) -> str:
        return self.step(visitor or self.second, "approve")

    def step(self, visitor: Visitor, step: str, **typed: str) -> str:
        """Take a step by the link to it on the child's page."""
        page = text_of(visitor.get(self.page_of(visitor)))
        (address,) = set(re.findall(rf'href="(/identities/[^"]+/\d+/{step}/)"', page))
        return main_of(visitor.fill(address, **typed))


def identities_of_each_kind(authority: Organisation, first: Actor, second: Actor) -> str:
    """Of three children: asked for by `first`; severed, and asked about by `first`; severed, and given to `second`.

    Returns the number of a closed record.
    """
    with as_owner_here():
        asked, *closed = factories.children(
            *(factories.draft(authority=authority, date_of_birth=date(2014, 7, 8)) for _ in range(3))
        )
    numbers = [number_of(each.pk) for each in closed]
    wanted = Wanted("Wren", "Alderton", date(2017, 4, 9), Gender.FEMALE, authority.pk, None)
    for child in (asked, *closed):
        about = {"actor": first, "child_id": child.pk}
        identities.find_record(actor=first, number=number_of(child.pk))
        identities.ask_identity(**about, reason=IdentityReason.ADOPTED, wanted=wanted)
        if child in closed:
            (request,) = identities.read_identity(**about).requests
            identities.approve_identity(actor=second, child_id=child.pk, request_id=request.id, seen=0)
    assert sever() == len(closed)
    for asks, child, number in zip((first, second), closed, numbers, strict=True):
        identities.find_record(actor=asks, number=number)
        identities.ask_link(actor=asks, child_id=child.pk, reason=EscrowReason.COURT)
    given = identities.list_identities(actor=first).links[-1]
    identities.give_link(actor=first, request_id=given.id, number=numbers[-1], seen=0)
    assert open_given() == 1
    return numbers[0]


def build_desk(office: Office) -> Desk:
    with as_worker():
        number = office.child.number.open()
    return Desk(office, Visitor(office.decider), Visitor(office.approver), number)


def sever() -> int:
    """As the worker does every two seconds."""
    with as_worker():
        return severing.sever_approved()


def make() -> list[int]:
    """As the worker does on one of the days after. Returns the ids of the records that are new."""
    with as_worker():
        before = set(Child.objects.values_list("pk", flat=True))
        severing.make_drawn(timezone.now() + severing.LATEST + timedelta(days=1))
        return sorted(set(Child.objects.values_list("pk", flat=True)) - before)


def severed(desk: Desk) -> int:
    """Asked for, approved, closed and made anew. Returns the new record's id."""
    assert "You have asked for a new identity" in desk.ask()
    file_shielded()
    assert "The new identity is approved" in desk.approve()
    assert sever() == 1
    (new,) = make()
    return new


def open_given() -> int:
    """As the sequencer does every two seconds."""
    with override_settings(KEYRING_HOLDER="sequencer"), acting_as("contactpoint_sequencer"):
        return escrow.open_given()


def number_of(child_id: int) -> str:
    with as_worker():
        number: str = Child.objects.get(pk=child_id).number.open()
        return number


def names_of(child_id: int) -> list[tuple[str, str, str]]:
    with as_worker():
        rows = ChildName.objects.filter(child=child_id)
        return [(row.kind, row.details.open().given, row.details.open().family) for row in rows]


def waiting() -> int:
    with as_worker():
        return NewIdentity.objects.count()
