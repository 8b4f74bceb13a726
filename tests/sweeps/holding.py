"""What can happen to children with a shield and without, and a family to whom it happens.

A new action is a function that takes the family, and one line in ACTIONS. What the service refuses is refused: an
action that does not fit changes nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from types import MappingProxyType

from django.db import connection, transaction

from access.models import Organisation, Role, User
from access.rules.errors import RefusedError
from audit.actors import Actor
from audit.errors import NotAllowedError
from audit.reasons import Mistake, Reason, ShieldDecision, ShieldLifting, ShieldReview
from encryption.errors import StaleRowError
from registry.actions import involvements, shields
from registry.actions.finding import open_record
from registry.actions.involvements import Entry
from registry.actions.shields import read_shield
from registry.actions.steps import ChangedError
from registry.models import Child, ChildAddress, ChildName, Involvement
from registry.policies.records import services_of
from registry.search.index import rebuilding
from registry.values import PostalAddress
from registry.vocabulary import NameKind
from registry.worker import refiling
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry import people
from tests.integration.registry.people import Town
from tests.integration.registry.shielding import URGENT, WANTED, file_shielded

REFUSED = (RefusedError, ChangedError, NotAllowedError, StaleRowError)
_numbers = count(1)


@dataclass
class Family:
    """Brothers and sisters of one home, of whom each fact is a word that nobody else has, and who works with them."""

    town: Town
    elsewhere: Organisation
    asker: Actor
    other_asker: Actor
    decider: Actor
    approver: Actor
    teacher: Actor
    children: list[int] = field(default_factory=list)
    number: int = field(default_factory=lambda: next(_numbers))

    def word(self, what: str) -> str:
        """A made-up name with that beginning, which nobody else has."""
        return f"Zq{what}" + "".join("bcdfghjklm"[int(digit)] + "a" for digit in str(next(_numbers))) + "x"

    def draft(self, given: str, *, family: str, home: PostalAddress, former: str = "", day: int = 0) -> factories.Draft:
        """One of them, of whom everything is known."""
        names = [(NameKind.LEGAL, people.name(given, family)), (NameKind.FORMER, people.name(given, former))]
        return people.full_draft(
            self.town,
            names=[each for each in names if each[1].family],
            numbers=[],
            addresses=(replace(people.address(), postal=home),),
            date_of_birth=people.BORN + timedelta(days=self.number % 300 + day),
            guardians=(replace(people.guardian(self.word("guard")), telephone="+447700900999"),),
        )


def start(town: Town, elsewhere: Organisation) -> Family:
    """A family that is new, and people who have done nothing with it."""
    with transaction.atomic(), as_owner_here():
        workers = [factories.user(works_for=town.authority) for _ in range(2)]
        deciders = [factories.user(role=Role.ADMINISTRATOR, works_for=town.authority) for _ in range(2)]
        teacher = factories.user(works_for=town.school)
    asker, other, decider, approver, at_school = map(_actor, (*workers, *deciders, teacher))
    family = Family(town, elsewhere, asker, other, decider, approver, at_school)
    home, name = _home(family), family.word("fam")
    drafts = [
        family.draft(family.word("child"), family=name, home=home, former=family.word("former"), day=place)
        for place in range(2)
    ]
    _add(family, *drafts)
    return family


def _actor(person: User) -> Actor:
    return factories.actor_for(person)


def _add(family: Family, *drafts: factories.Draft) -> None:
    with transaction.atomic(), as_owner_here():
        family.children += [child.pk for child in factories.children(*drafts)]


def _home(family: Family) -> PostalAddress:
    return PostalAddress((f"{family.number % 90 + 1} {family.word('street')} Road",), family.word("town"), _postcode())


def _postcode() -> str:
    number = next(_numbers)
    return (
        f"ZE{number % 9 + 1} {number // 9 % 9 + 1}{'ABDEFGHJLN'[number // 81 % 10]}{'ABDEFGHJLN'[number // 810 % 10]}"
    )


@contextmanager
def worker() -> Iterator[None]:
    with as_worker():
        yield


# What practitioners and administrators do with a shield -----------------------------------------------------------


def _ask(family: Family, actor: Actor, wanted: shields.Wanted) -> None:
    child = family.children[0]
    open_record(actor=actor, child_id=child, reason=Reason.SAFEGUARDING)
    shields.ask_shield(actor=actor, child_id=child, wanted=wanted)


def ask(family: Family) -> None:
    _ask(family, family.asker, WANTED)


def ask_urgently(family: Family) -> None:
    _ask(family, family.other_asker, URGENT)


def _with_request(family: Family, actor: Actor, act: Callable[..., None], **told: object) -> None:
    child = family.children[0]
    for request in read_shield(actor=actor, child_id=child).requests:
        if request.approved_at is None:
            act(actor=actor, child_id=child, request_id=request.pk, seen=request.steps, **told)
            return


def decide_to_protect(family: Family) -> None:
    _with_request(family, family.decider, shields.decide_shield, decision=ShieldDecision.PROTECT)


def decide_against(family: Family) -> None:
    _with_request(family, family.decider, shields.decide_shield, decision=ShieldDecision.NO_RISK)


def send_back(family: Family) -> None:
    _with_request(family, family.approver, shields.return_shield)


def approve(family: Family) -> None:
    _with_request(family, family.approver, shields.approve_shield)


def _with_each_shield(family: Family, actor: Actor, act: Callable[..., None], **told: object) -> None:
    for child in family.children:
        try:
            shield = read_shield(actor=actor, child_id=child).in_force
            if shield:
                act(actor=actor, child_id=child, shield_id=shield.pk, seen=shield.steps, **told)
        except REFUSED:
            continue


def review(family: Family) -> None:
    _with_each_shield(family, family.decider, shields.review_shield, why=ShieldReview.STILL_AT_RISK)


def ask_lifting(family: Family) -> None:
    _with_each_shield(family, family.decider, shields.ask_lifting, why=ShieldLifting.RISK_OVER)


def refuse_lifting(family: Family) -> None:
    _with_each_shield(family, family.approver, shields.refuse_lifting)


def lift(family: Family) -> None:
    _with_each_shield(family, family.approver, shields.lift_shield)


# What happens to the record ---------------------------------------------------------------------------------------


def record_involvement(family: Family) -> None:
    service = services_of(family.town.school)[0]
    entry = Entry(service, family.word("worker"), "+441614960123", factories.today() - timedelta(days=30), lead=False)
    involvements.record_involvement(actor=family.teacher, child_id=family.children[0], entry=entry)


def _own(family: Family) -> Involvement | None:
    with as_owner_here(), connection.cursor() as cursor:
        standing = "SELECT id FROM registry_involvement WHERE child_id = %s AND withdrawal IS NULL"
        cursor.execute(standing, [family.children[0]])
        rows = Involvement.objects.filter(pk__in=[number for (number,) in cursor.fetchall()]).order_by("-pk")
        return next((row for row in rows if row.details.open().organisation_id == family.town.school.pk), None)


def end_involvement(family: Family) -> None:
    if own := _own(family):
        involvements.end_involvement(
            actor=family.teacher,
            child_id=family.children[0],
            involvement_id=own.pk,
            ended_on=factories.today(),
            read_version=own.row_version,
        )


def withdraw_involvement(family: Family) -> None:
    if own := _own(family):
        involvements.withdraw_involvement(
            actor=family.teacher,
            child_id=family.children[0],
            involvement_id=own.pk,
            reason=Mistake.WRONG_CHILD,
            read_version=own.row_version,
        )


def move_house(family: Family) -> None:
    """As a feed will: the worker writes the new address, and files the child anew."""
    child = family.children[0]
    with as_owner_here():
        ChildAddress.objects.filter(child=child, present=True).update(present=False)
        moved = replace(people.address(), postal=_home(family))
        ChildAddress(child=Child.objects.get(pk=child), present=True, details=moved).save()
    _refile(child)


def move_away(family: Family) -> None:
    """Another authority answers for the record, or the first one again."""
    with as_owner_here():
        child = Child.objects.get(pk=family.children[0])
        here = child.responsible_authority_id == family.town.authority.pk
        child.responsible_authority = family.elsewhere if here else family.town.authority
        child.save()
    _refile(family.children[0])


def change_name(family: Family) -> None:
    """Adopted, or a parent married: the legal name is a former one from now on."""
    child = family.children[0]
    with as_owner_here():
        before = ChildName.objects.get(child=child, kind=NameKind.LEGAL)
        given = before.details.open().given
        ChildName.objects.filter(pk=before.pk).update(kind=NameKind.FORMER)
        ChildName(
            child=Child.objects.get(pk=child), kind=NameKind.LEGAL, details=people.name(given, family.word("new"))
        ).save()
    _refile(child)


def add_sibling(family: Family) -> None:
    with as_owner_here():
        address = ChildAddress.objects.get(child=family.children[0], present=True).details.open()
    _add(family, family.draft(family.word("baby"), family=family.word("fam"), home=address.postal, day=9))


def add_second_record(family: Family) -> None:
    """Under a name that the child has or had, from a list that knows another address."""
    with as_owner_here():
        names = [row.details.open() for row in ChildName.objects.filter(child=family.children[0]).order_by("pk")]
        child = Child.objects.get(pk=family.children[0])
        born = child.date_of_birth.open()
    draft = family.draft(names[0].given, family=names[-1].family, home=_home(family))
    _add(family, replace(draft, date_of_birth=born))


# What the worker does ---------------------------------------------------------------------------------------------


def file_waiting(family: Family) -> None:
    del family
    file_shielded()


def _refile(child: int) -> None:
    with worker():
        refiling.file_anew(child)


def refile(family: Family) -> None:
    for child in family.children:
        _refile(child)


def begin_rebuilding(family: Family) -> None:
    """An index is being filled when the next thing happens."""
    del family
    with worker():
        if rebuilding.building() is None:
            now = rebuilding.begin(TOKENS_FOR)
            rebuilding.file_block(now, range(1, 10**6))


def finish_rebuilding(family: Family) -> None:
    begin_rebuilding(family)  # where none was begun: a rebuild of its own would make tokens for few children
    with worker():
        rebuilding.rebuild(processes=1, say=lambda *_: None)
        rebuilding.drop_old(wait=False)


TOKENS_FOR = 2**27  # so long that no token is shared by chance
ACTIONS: MappingProxyType[str, Callable[[Family], None]] = MappingProxyType(
    {
        action.__name__: action
        for action in (
            ask,
            ask_urgently,
            decide_to_protect,
            decide_against,
            send_back,
            approve,
            review,
            ask_lifting,
            refuse_lifting,
            lift,
            record_involvement,
            end_involvement,
            withdraw_involvement,
            move_house,
            move_away,
            change_name,
            add_sibling,
            add_second_record,
            file_waiting,
            refile,
            begin_rebuilding,
            finish_rebuilding,
        )
    }
)


def take(family: Family, name: str) -> bool:
    """Do it. Returns whether the service let it happen."""
    try:
        ACTIONS[name](family)
    except REFUSED:
        return False
    return True
