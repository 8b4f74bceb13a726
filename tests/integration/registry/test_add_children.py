"""Making records: all of them or none, and each rule that the database itself keeps."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from audit.events import EventKind
from audit.models import Event
from audit.reasons import ShieldLifting
from encryption.models import SealedModel
from registry.actions import children
from registry.models import Child, ChildAddress, ChildName, ChildNumber, ChildSaidBy, Guardian, Involvement, Shield
from registry.rules.numbers import make_own_number, number_fingerprint, own_number
from registry.values import Number
from registry.vocabulary import NameKind, NumberKind, Service
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.registry.people import (
    CONFIRMED,
    NHS_NUMBER,
    PUPIL_NUMBER,
    AddChildren,
    Town,
    address,
    draft,
    full_draft,
    involvement,
    name,
    numbers,
)
from tests.log import events

ROWS: tuple[type[SealedModel], ...] = (
    *(Child, ChildAddress, ChildName, ChildNumber, ChildSaidBy, Guardian, Involvement),
)


def filed() -> int:
    """How many children search could find. Call it as the owner."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from search.child_token")
        (count,) = cursor.fetchone()
    return int(count)


def test_add_children_keeps_everything_said(town: Town, add: AddChildren, as_owner: OwnerContext) -> None:
    (child,) = add(full_draft(town, shielded_since=date(2026, 1, 5)))
    with as_owner():
        assert_everything_is_kept(child)
    assert [event.process for event in events(kind=EventKind.CHILD_ADDED, child_id=child.pk)] == ["tests"]


def test_number_that_is_taken_is_drawn_again(
    town: Town, add: AddChildren, as_owner: OwnerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = add(draft(town))
    with as_owner():
        taken, fresh = first.number.open(), make_own_number()
    drawn = iter([taken, fresh])
    monkeypatch.setattr(children, "make_own_number", lambda: next(drawn))
    (second,) = add(draft(town))
    with as_owner():
        assert second.number.open() == fresh


def assert_everything_is_kept(child: Child) -> None:
    assert own_number(child.number.open()) == child.number.open()
    assert {(row.kind, row.details.open().family) for row in ChildName.objects.filter(child=child)} == {
        (NameKind.LEGAL, "Hussain"),
        (NameKind.FORMER, "Malik"),
        (NameKind.KNOWN_AS, "Hussain"),
    }
    assert [row.details.open().postal.postcode for row in ChildAddress.objects.filter(child=child, present=True)] == [
        "M33 4AB"
    ]
    assert {row.details.open().value for row in ChildNumber.objects.filter(child=child)} == {NHS_NUMBER, PUPIL_NUMBER}
    assert Guardian.objects.filter(child=child).count() == 2
    assert Involvement.objects.filter(child=child).count() == 6
    assert Shield.objects.get(child=child).ended_on is None


def test_add_children_returns_them_in_order_with_numbers_of_their_own(town: Town, add: AddChildren) -> None:
    children = add(*(draft(town, family=family) for family in ("Abbott", "Baker", "Clarke")))
    assert [child.summary.open().names[0].family for child in children] == ["Abbott", "Baker", "Clarke"]
    assert len({child.number.open() for child in children}) == 3
    assert len({bytes(child.number_fingerprint) for child in children}) == 3


def test_add_children_all_or_none(town: Town, add: AddChildren, as_owner: OwnerContext) -> None:
    add(draft(town, numbers=numbers()))
    before = everything()
    with pytest.raises(IntegrityError) as broken, as_owner():
        factories.children(draft(town, family="Abbott"), draft(town, family="Baker", numbers=numbers()))
    assert constraint(broken.value) == "registry_childnumber_is_unique"
    assert everything() == before


def everything() -> list[int]:
    """How much there is of each thing that adding a child makes."""
    with as_owner_here():
        return [*(row.objects.count() for row in ROWS), Event.objects.count(), filed()]


def test_add_children_of_none_adds_none(town: Town, add: AddChildren) -> None:
    assert add() == []


def constraint(error: BaseException) -> str:
    """The name of the constraint that the database says was broken."""
    return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]


TWO = ("administrator", "colleague")
Change = Callable[[Child, Town], object]


def _name(kind: str) -> Change:
    return lambda child, _town: ChildName(child=child, kind=kind, details=name("Amina", "Begum")).save()


def _address(*, present: bool) -> Change:
    return lambda child, _town: ChildAddress(child=child, present=present, details=address("OL1 2CD")).save()


def _number(kind: str, value: str) -> Change:
    return lambda child, _town: ChildNumber(
        child=child, kind=kind, fingerprint=number_fingerprint(kind, value), details=Number(value, CONFIRMED)
    ).save()


def _lead(*, lead: bool) -> Change:
    return lambda child, town: Involvement(
        child=child, lead=lead, details=involvement(town.school, Service.SCHOOL)
    ).save()


def _shield(*, review: int = 182, ended: int | None = None, lifted_by: tuple[str, ...] = TWO) -> Change:
    """One; if it ended, lifted by people of the town: the one who asked, and the one who did it."""
    started = date(2026, 1, 5)

    def change(child: Child, town: Town) -> None:
        shield = Shield(
            child=child,
            authority=town.authority,
            started_on=started,
            review_on=started + timedelta(days=review),
            filed_at=timezone.now(),
        )
        if ended is not None:
            shield.ended_on = started + timedelta(days=ended)
        if ended is not None and lifted_by:
            shield.lift_reason, shield.lift_asked_at = ShieldLifting.RISK_OVER, timezone.now()
            shield.lift_asked_by, shield.lifted_by = (getattr(town, who) for who in lifted_by)
        shield.save()

    return change


def _same_own_number(child: Child, town: Town) -> None:
    Child.objects.exclude(pk=child.pk).update(number_fingerprint=child.number_fingerprint)


def _in_clear(child: Child, _town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update registry_child set gender = %s where id = %s", [b"female" * 10, child.pk])


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (_name("legal"), "registry_childname_one_legal_name"),
        (_name("nickname"), "registry_childname_kind_is_known"),
        (_name("former"), None),
        (_name("known_as"), None),
        (_address(present=True), "registry_childaddress_one_present"),
        (_address(present=False), None),
        (_number("nhs", "4010232137"), "registry_childnumber_one_of_a_kind"),
        (_number("passport", "123456789"), "registry_childnumber_kind_is_known"),
        (_number("upn", PUPIL_NUMBER), None),
        (_lead(lead=True), "registry_involvement_one_lead"),
        (_lead(lead=False), None),
        (_shield(), "registry_shield_one_in_force"),
        (_shield(ended=10), None),
        (_shield(ended=0), None),
        (_shield(ended=10, review=0), "registry_shield_reviewed_after_start"),
        (_shield(ended=-1), "registry_shield_ends_after_start"),
        (_shield(ended=10, lifted_by=()), "registry_shield_lifted_by_two"),
        (_shield(ended=10, lifted_by=("teacher", "teacher")), "registry_shield_lifted_by_two"),
        (_same_own_number, "registry_child_number_is_unique"),
        (_in_clear, "sealed_is_sealed"),
    ],
)
def test_database_keeps_the_rule(
    town: Town, add: AddChildren, as_owner: OwnerContext, change: Change, broken: str | None
) -> None:
    child, _other = add(
        draft(
            town,
            numbers=numbers()[:1],
            involvements=[(True, involvement(town.authority, Service.SOCIAL_CARE))],
            shielded_since=date(2026, 1, 5),
        ),
        draft(town, family="Begum"),
    )
    if broken is None:
        with as_owner():
            change(child, town)
        return
    with pytest.raises(IntegrityError) as refused, as_owner():
        change(child, town)
    assert constraint(refused.value) == broken


def test_database_keeps_a_number_for_one_child(town: Town, add: AddChildren, as_owner: OwnerContext) -> None:
    _child, other = add(draft(town, numbers=numbers()), draft(town, family="Begum"))
    for kind, value in ((NumberKind.NHS, NHS_NUMBER), (NumberKind.UPN, PUPIL_NUMBER)):
        with pytest.raises(IntegrityError) as refused, as_owner():
            _number(kind, value)(other, town)
        assert constraint(refused.value) == "registry_childnumber_is_unique"


def test_database_shows_no_tokens_to_the_web_role(town: Town, add: AddChildren) -> None:
    add(draft(town))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        filed()
