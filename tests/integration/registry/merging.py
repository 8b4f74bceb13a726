"""Two records of one child as those who ask, approve and merge them do it, by actions and processes."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from access.models import Organisation, Role, User
from audit.actors import Actor
from audit.reasons import MergeReason, MergeRefusal, PartReason, Reason
from registry.actions import merging
from registry.actions.finding import open_record, search
from registry.actions.merging import Two
from registry.models import Child, Shield
from registry.record import Record
from registry.vocabulary import NameKind, Service
from registry.worker import merging as worker
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import (
    AddChildren,
    Town,
    address,
    criteria,
    draft,
    full_draft,
    guardian,
    involvement,
    name,
    numbers,
)
from tests.integration.registry.severing import number_of
from tests.integration.registry.shielding import URGENT, build_office, file_shielded

OTHER_NHS, OTHER_HOME = "9434765870", "OL4 1AA"


@dataclass(frozen=True)
class Bureau:
    """Two administrators of the town's authority, and two records: the one that stays, and one to go under it."""

    town: Town
    first: User
    second: User
    two: Two

    @property
    def asks(self) -> Actor:
        return factories.actor_for(self.first)

    @property
    def approves(self) -> Actor:
        return factories.actor_for(self.second)

    def look_up(self, actor: Actor, two: Two | None = None) -> Two:
        """The two, by the numbers that somebody typed."""
        both = two or self.two
        return merging.find_two(actor=actor, stays=number_of(both.stays), under=number_of(both.under))

    def asked(self, reason: MergeReason | PartReason = MergeReason.WORKER_KNOWS, two: Two | None = None) -> Actor:
        """Asked for by the first. Returns who asked."""
        actor = self.asks
        merging.ask(actor=actor, two=self.look_up(actor, two), reason=reason)
        return actor

    def approved(self, two: Two | None = None) -> None:
        actor, both = self.approves, two or self.two
        request = merging.compare(actor=actor, two=both).open
        assert request is not None
        merging.approve(actor=actor, two=both, request_id=request.id, seen=request.steps)

    def refused(self) -> None:
        actor = self.approves
        request = merging.compare(actor=actor, two=self.two).open
        assert request is not None
        about = {"two": self.two, "request_id": request.id, "seen": request.steps}
        merging.refuse(actor=actor, why=MergeRefusal.NOT_SHOWN, **about)

    def put_together(self, two: Two | None = None) -> None:
        """By all three steps."""
        self.asked(two=two)
        self.approved(two)
        assert do_approved() == 1

    def part(self, two: Two | None = None) -> None:
        self.asked(PartReason.TWO_CHILDREN, two)
        self.approved(two)
        assert do_approved() == 1


def amina(town: Town, add: AddChildren) -> Bureau:
    """Her record, and another of hers under the name of her mother's family, at another address."""
    second = draft(
        town,
        names=[(NameKind.LEGAL, name("Amina", "Siddiqui")), (NameKind.FORMER, name("Aminah", "Begum"))],
        addresses=(address(OTHER_HOME),),
        numbers=numbers(OTHER_NHS)[:1],
        guardians=(guardian("Nadia"),),
        involvements=(
            (True, involvement(town.school, Service.SCHOOL, started_on=date(2022, 9, 1))),
            (False, involvement(town.clinic, Service.MENTAL_HEALTH, practitioner="Wanda Secret")),
        ),
    )
    return build_bureau(town, *add(full_draft(town), second))


def build_bureau(town: Town, stays: Child, under: Child) -> Bureau:
    """Make it."""
    with as_owner_here():
        people = [factories.user(works_for=town.authority, role=Role.ADMINISTRATOR) for _ in range(2)]
    return Bureau(town, *people, Two(stays.pk, under.pk))


def merge_asked_for(authority: Organisation, first: Actor) -> tuple[str, str]:
    """That two children's records be put under one, by `first`. Returns their numbers."""
    with as_owner_here():
        born = [date(2014, 3, 1), date(2014, 3, 2)]
        made = factories.children(*(factories.draft(authority=authority, date_of_birth=each) for each in born))
    stays, under = (number_of(each.pk) for each in made)
    two = merging.find_two(actor=first, stays=stays, under=under)
    merging.ask(actor=first, two=two, reason=MergeReason.WORKER_KNOWS)
    return stays, under


def opened(bureau: Bureau, who: str = "social_worker", child: int | None = None) -> Record:
    actor = bureau.town.actor(who)
    return open_record(actor=actor, child_id=child or bureau.two.stays, reason=Reason.SAFEGUARDING)


def found(bureau: Bureau, **asked: object) -> list[int]:
    actor = bureau.town.actor("social_worker")
    result = search(actor=actor, criteria=criteria(**asked), trail=uuid4())
    return [match.child_id for match in result.matches]


def said_of(child: int) -> tuple[object, ...]:
    """What the child's own row says, opened."""
    with as_worker():
        one = Child.objects.get(pk=child)
        sealed = [each.attname for each in one.sealed_fields()]
        return (one.responsible_authority_id, one.merged_into_id, *(getattr(one, each).open() for each in sealed))


def shield(bureau: Bureau, child: int) -> None:
    """Asked for by somebody who has the record open, and filed."""
    with as_owner_here():
        office = build_office(bureau.town, Child.objects.get(pk=child))
    office.asked(URGENT)
    file_shielded()


def in_force(child: int) -> list[bool]:
    """The shields in force: whether each was taken over."""
    with as_worker():
        return list(Shield.objects.filter(child=child, ended_on=None).values_list("spread", flat=True))


def do_approved() -> int:
    """As the worker does every two seconds."""
    with as_worker():
        return worker.do_approved()
