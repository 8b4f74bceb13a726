"""Making records: a child with all that is known of them, found by search from the moment they are there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.actors import Process
from audit.events import EventKind
from audit.recorder import About, record_each
from encryption.models import SealedModel
from registry.models import Child, ChildAddress, ChildName, ChildNumber, ChildSaidBy, Guardian, Involvement, Shield
from registry.protection import households
from registry.protection.households import Protected
from registry.protection.new_identity import promised_numbers
from registry.rules.numbers import OWN, make_own_number, number_fingerprint
from registry.rules.retention import Circumstances, away_until
from registry.search import index
from registry.search.summaries import summarise
from registry.traits.filing import put as put_traits
from registry.traits.making import traits_of
from registry.traits.values import ChildTraits
from registry.values import UNSAID, Address, Assessment, GuardianDetails, InvolvementDetails, Name, Number, SaidBy
from registry.vocabulary import Gender, NameKind, NumberKind

SHIELD_REVIEWED_AFTER = timedelta(days=182)
# Under which the worker adds children, whoever told of them: a record under a new identity comes as any other does.
ADDING = "adding"


@dataclass(frozen=True, slots=True)
class Draft:
    """A child to be added. The first of `addresses` is the present one; `involvements` say which is the lead.

    `number` and `child_id` are set where they were taken before (registry/worker/severing.py); otherwise both are new.
    """

    authority_id: int
    date_of_birth: date
    gender: Gender
    names: Sequence[tuple[NameKind, Name]]
    numbers: Sequence[tuple[NumberKind, Number]] = ()
    addresses: Sequence[Address] = ()
    guardians: Sequence[GuardianDetails] = ()
    involvements: Sequence[tuple[bool, InvolvementDetails]] = ()
    assessment: Assessment | None = None
    shielded_since: date | None = None
    date_of_death: date | None = None
    number: str = ""
    child_id: int | None = None
    said_by: SaidBy = UNSAID
    spread: bool = False  # shielded because another child is (registry/protection/households.py)


@transaction.atomic
def add_children(*, actor: Process, drafts: Sequence[Draft], protected: Protected | None = None) -> list[int]:
    """Add children, each with its event, and file them for search and comparison. All of them or none.

    Returns their ids, in order. Who adds many, some after others, keeps `protected` in between.
    """
    drafts = _shielded_beside(drafts, protected or Protected())
    drawn = iter(free_numbers(sum(not draft.number for draft in drafts)))
    children = [_child(draft, draft.number or next(drawn)) for draft in drafts]
    Child.objects.bulk_create(children)
    _add_rows(list(zip(children, drafts, strict=True)))
    index.put((child.pk, child.summary.open()) for child in children)
    put_traits(
        (child.pk, child.row_version, traits_of_draft(draft)) for child, draft in zip(children, drafts, strict=True)
    )
    record_each(EventKind.CHILD_ADDED, [About(child_id=child.pk) for child in children], actor=actor)
    households.record_spread(child for child, draft in zip(children, drafts, strict=True) if draft.spread)
    return [child.pk for child in children]


def traits_of_draft(draft: Draft) -> ChildTraits:
    """What can be compared of the child (registry/traits/)."""
    return traits_of(
        date_of_birth=draft.date_of_birth,
        names=_names(draft),
        addresses=draft.addresses,
        guardians=draft.guardians,
        involvements=[involvement for _lead, involvement in draft.involvements],
    )


def _shielded_beside(drafts: Sequence[Draft], known: Protected) -> list[Draft]:
    """The drafts, shielded where a child who is shielded already lives there too, or is the same child."""
    known.refresh()
    today = timezone.localdate()
    return [
        replace(draft, shielded_since=today, spread=True)
        if not draft.shielded_since
        and known.covers(
            born=draft.date_of_birth, names=_names(draft), addresses=draft.addresses, guardians=draft.guardians
        )
        else draft
        for draft in drafts
    ]


def _names(draft: Draft) -> list[Name]:
    return [name for _kind, name in draft.names]


def free_numbers(wanted: int) -> list[str]:
    """Registry numbers that no child has, nor is promised: among millions, one drawn at random is sometimes taken."""
    free: dict[bytes, str] = {}
    while len(free) < wanted:
        drawn = {number_fingerprint(OWN, number): number for number in (make_own_number() for _ in range(wanted))}
        taken = Child.objects.filter(number_fingerprint__in=drawn).values_list("number_fingerprint", flat=True)
        promised = {number_fingerprint(OWN, number) for number in promised_numbers()}
        free |= {key: drawn[key] for key in drawn.keys() - set(map(bytes, taken)) - promised}
    return list(free.values())[:wanted]


def _child(draft: Draft, number: str) -> Child:
    child = _without_term(draft, number)
    child.hold(Circumstances(away_until=away_until(draft.addresses[0] if draft.addresses else None)))
    return child


def _without_term(draft: Draft, number: str) -> Child:
    return Child(
        pk=draft.child_id,
        responsible_authority_id=draft.authority_id,
        number=number,
        number_fingerprint=number_fingerprint(OWN, number),
        date_of_birth=draft.date_of_birth,
        gender=draft.gender,
        date_of_death=draft.date_of_death,
        assessment=draft.assessment,
        summary=summarise(
            names=draft.names,
            date_of_birth=draft.date_of_birth,
            gender=draft.gender,
            number=number,
            numbers=[value.value for _kind, value in draft.numbers],
            address=draft.addresses[0] if draft.addresses else None,
            shielded=draft.shielded_since is not None,
        ),
    )


def _add_rows(added: list[tuple[Child, Draft]]) -> None:
    _bulk(
        ChildName,
        [{"child": child, "kind": kind, "details": name} for child, draft in added for kind, name in draft.names],
    )
    _bulk(
        ChildAddress,
        [
            {"child": child, "present": place == 0, "details": address}
            for child, draft in added
            for place, address in enumerate(draft.addresses)
        ],
    )
    _bulk(
        ChildNumber,
        [
            {
                "child": child,
                "kind": kind,
                "fingerprint": number_fingerprint(kind, number.value),
                "details": number,
            }
            for child, draft in added
            for kind, number in draft.numbers
        ],
    )
    _bulk(
        Guardian,
        [{"child": child, "details": guardian} for child, draft in added for guardian in draft.guardians],
    )
    _bulk(
        Involvement,
        [
            {"child": child, "lead": lead, "details": details}
            for child, draft in added
            for lead, details in draft.involvements
        ],
    )
    _bulk(
        ChildSaidBy,
        [{"child": child, "details": draft.said_by} for child, draft in added if draft.said_by != UNSAID],
    )
    Shield.objects.bulk_create(
        Shield(
            child=child,
            authority_id=draft.authority_id,
            started_on=draft.shielded_since,
            review_on=timezone.localdate() + SHIELD_REVIEWED_AFTER,
            filed_at=timezone.now(),  # beside it, in this transaction
            spread=draft.spread,
        )
        for child, draft in added
        if draft.shielded_since
    )


def _bulk(model: type[SealedModel], rows: list[dict[str, Any]]) -> None:
    model.objects.bulk_create(model(**row) for row in rows)
