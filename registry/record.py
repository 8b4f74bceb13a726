"""A child's record as one reader sees it. policies/disclosure.py decides what that is, selectors/records.py reads."""

from dataclasses import dataclass
from datetime import date

from access.models import Organisation
from registry.values import UNSAID, Address, GuardianDetails, InvolvementDetails, Name, Provenance, SaidBy
from registry.vocabulary import Gender, NameKind, NumberKind


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a child apart, and all that an ordinary user sees of a shielded one."""

    child_id: int
    name: str
    date_of_birth: date
    age: int
    gender: Gender
    number: str


@dataclass(frozen=True, slots=True)
class KnownInvolvement:
    """One involvement as a reader sees it. `own` where it is of the reader's organisation."""

    id: int
    details: InvolvementDetails
    organisation: Organisation
    lead: bool
    own: bool
    row_version: int


@dataclass(frozen=True, slots=True)
class Record:
    """A child's record as one reader sees it. Of a shielded child only `identity` and `authority` are filled.

    Where `by_right` is set all of a shielded child is here: by leave that the reader has until `leave_until`, or in an
    emergency.

    `kept_until` is the 25th birthday, of a young person who consented to their record's being kept so long.
    `further_numbers` are registry numbers of records that lie under this one, and lead here.

    `authority` is whom to ring: the responsible authority, or the reader's own where the child is shielded, since the
    responsible one would tell where the child lives. `sensitive` is of services that work with the child now. Where
    `assessment_holder` is None there is no assessment, or none that the reader is told of.
    """

    identity: Identity
    authority: Organisation
    shielded: bool
    date_of_death: date | None = None
    names: tuple[tuple[NameKind, Name], ...] = ()
    addresses: tuple[Address, ...] = ()
    numbers: tuple[tuple[NumberKind, str, Provenance], ...] = ()
    guardians: tuple[GuardianDetails, ...] = ()
    current: tuple[KnownInvolvement, ...] = ()
    ended: tuple[KnownInvolvement, ...] = ()
    sensitive: bool = False
    assessment_holder: Organisation | None = None
    by_right: str = ""
    further_numbers: tuple[str, ...] = ()
    leave_until: date | None = None
    kept_until: date | None = None
    said_by: SaidBy = UNSAID

    @property
    def is_protected(self) -> bool:
        """Whether the management team alone records anything on it, whoever reads all of it."""
        return self.shielded or bool(self.by_right)


@dataclass(frozen=True, slots=True)
class Compared:
    """One of two records side by side, to whoever decides whether they are one child's. Never a service.

    `hidden`: a shield of either hides all but who each child is. `protected`: it is this one's, or that of a record
    which lies under it. `lies_under`: under the other of the two. `holds_others`: records lie under it. `offered`: to
    another authority, which has not answered. `of_one_authority`: the one that answers for it answers for the other.
    """

    identity: Identity
    hidden: bool
    protected: bool
    lies_under: bool
    holds_others: bool
    offered: bool
    of_one_authority: bool
    date_of_death: date | None
    names: tuple[tuple[NameKind, Name], ...]
    addresses: tuple[Address, ...]
    numbers: tuple[tuple[NumberKind, str, Provenance], ...]
    guardians: tuple[GuardianDetails, ...]
