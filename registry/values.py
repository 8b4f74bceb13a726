"""The small structured values that a record is made of. Each is sealed whole.

Every value carries its provenance: which source said so, and when it was last confirmed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from audit.reasons import BasisEnd, Mistake
from registry.vocabulary import (
    AddressState,
    BasisDecider,
    Competence,
    Gender,
    NameKind,
    Part,
    Relation,
    SensitiveBasis,
    Service,
    Source,
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """`organisation_id` is set where a user of that organisation entered the value."""

    source: Source
    confirmed_on: date
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """One of a child's names; `given` may be several forenames."""

    given: str
    family: str
    valid_from: date | None
    valid_to: date | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """House and street in `lines`, then town and postcode."""

    lines: tuple[str, ...]
    town: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where a child lives or lived, or what is known instead; `postal` is None where no address is known."""

    state: AddressState
    postal: PostalAddress | None
    valid_from: date | None
    valid_to: date | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Number:
    """A number given by somebody else."""

    value: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class GuardianDetails:
    """A person with parental responsibility or care."""

    given: str
    family: str
    relation: Relation
    parental_responsibility: bool
    lives_with_child: bool
    telephone: str | None
    provenance: Provenance


class WhoSaid(NamedTuple):
    """Whose word stands of a part that does not say so itself, and when they last confirmed it."""

    source: Source
    confirmed_on: date


class Difference(NamedTuple):
    """That sources say different things of one part: whose word counts, and whose does not.

    `before`: those before whom it counts by its place in the list (feeds/rules/precedence.py). `newer_than`: those
    whose word is older, where that decides. None is what stood on the record before any supplier spoke of that part.
    """

    part: Part
    counts: Source | None
    before: tuple[Source | None, ...]
    newer_than: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class SaidBy:
    """Whose words stand on a record, as far as the values themselves do not say it, and where sources differ.

    `also_of`: records that lay under it when that was worked out, whose sources are counted in it (docs/adr/0048).
    """

    date_of_birth: WhoSaid | None = None
    gender: WhoSaid | None = None
    date_of_death: WhoSaid | None = None
    differ: tuple[Difference, ...] = ()
    also_of: tuple[int, ...] = ()


UNSAID = SaidBy()


@dataclass(frozen=True, slots=True)
class BasisDecision:
    """How it was decided that a sensitive service may be entered: by whom, whether the child could decide, and when."""

    by: BasisDecider
    competence: Competence
    on: date


@dataclass(frozen=True, slots=True)
class InvolvementDetails:
    """An organisation's service contact with a child. `basis` is set for sensitive services and only for them.

    So is `decision`, but where it was not asked for: in what suppliers say, and in what was entered before it was.
    """

    organisation_id: int
    service: Service
    practitioner: str
    telephone: str
    started_on: date
    ended_on: date | None
    basis: SensitiveBasis | None
    provenance: Provenance
    decision: BasisDecision | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That an involvement stands on the record no more: who of its organisation said so, when and why.

    Either it should never have been recorded (`reason`), or what allowed it has gone (`basis_end`).
    """

    user_id: int
    at: datetime
    reason: Mistake | None
    basis_end: BasisEnd | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """Which system is told of changes, for which organisation, and who asked for it, in which event of the log.

    `reference` is by what the system knows it. `told` marks what it was told of last, and is empty until the worker
    has looked for the first time.
    """

    system_id: int
    organisation_id: int
    user_id: int
    begun: int
    reference: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """That a common assessment exists and who holds it; never what it says."""

    holder_id: int
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class SummaryName:
    """A name as search needs it."""

    kind: NameKind
    given: str
    family: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a result row shows and scoring needs, apart from the record, so that a search opens one value a child.

    `lines` is house and street. `numbers` are others' numbers, and the registry's own of records that lie under this
    one. Of a shielded child it holds visible values only: `town`, `postcode` and `lines` are then empty, and of
    `numbers` the registry's own are left.
    """

    names: tuple[SummaryName, ...]
    date_of_birth: date
    gender: Gender
    number: str
    town: str
    postcode: str
    numbers: tuple[str, ...]
    shielded: bool
    lines: str = ""
