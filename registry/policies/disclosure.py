"""What each reader may see of a child: all of it is decided here, in a list, in a record and in a search.

Whoever opens a record sees all of it, but for two things.

**A shield** (DOMAIN, shielding) leaves name, gender, date of birth and the registry's own number. It hides other names,
addresses, numbers that others gave, guardians, involvements, the date of death and the authority that answers for the
child, since each tells where the child lives or once lived. It hides nothing of the record from whoever has leave by
name, nor from whoever overrides it, for one view (docs/adr/0040); lists and searches are the same for everybody.
Whoever else reads is told to ring their own authority, and an age goes on after the death that is hidden. Summaries of
before are cut to this whenever they are opened. The same holds for what search knows: a shielded child is filed and
found under what is visible, and a search that uses a hidden field goes on as if the child were not there.

**A sensitive service** is shown to whoever works for it. Anybody else reads that one is involved while one is, and
nothing of it: not which, not since when, not that one was. Nor is told of a part it has: an assessment that such an
organisation holds stands in the record as none does, and whoever may not take the lead from it reads what is also read
where the lead is with a service that has ended: whom to ring, and nothing of who has it. (That the lead cannot be taken
they learn; what they may conclude from it, no words can hide.) The management team reads which services they are,
and nothing else of the record, while somebody asks it to make the connection; the asker never does (docs/adr/0041).

registry/selectors/records.py and registry/search/summaries.py read, and ask here. PostgreSQL holds the web role to the
shield by itself, whatever this page says: registry/sql/functions/registry_read.sql. Who may open a record at all is
asked in registry/policies/records.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from access.models import Organisation
from audit.reported import ReportedPart
from encryption.sealed import Sealed
from registry.policies.records import services_of
from registry.record import Identity, KnownInvolvement, Record
from registry.rules import numbers
from registry.rules.parts import NEVER_HIDDEN, is_of
from registry.rules.retention import age
from registry.values import InvolvementDetails, Summary
from registry.vocabulary import SENSITIVE_SERVICES, NameKind


class Reader(Protocol):
    """For whom it is asked what they may see: somebody who acts, or any practitioner of an organisation."""

    @property
    def seeing_organisation_id(self) -> int:
        """The organisation by whose rights a record is seen."""

    @property
    def authority_id(self) -> int:
        """The authority to which they are told to turn."""


def age_shown(born: date, died: Sealed[date | None], *, shielded: bool, today: date) -> int:
    """Whole years: to the death, or to today where a shield hides it, and it is not opened."""
    return age(born, (None if shielded else died.open()) or today)


def summary_shown(summary: Summary) -> Summary:
    """What may be known of a child for search, and be found by: of a shielded one the legal name and no place, and of
    numbers the registry's own, also those of records that lie under the child's.

    Also of a summary that was stored earlier: a shield hides more now than it once did.
    """
    if not summary.shielded:
        return summary
    names = tuple(name for name in summary.names if name.kind == NameKind.LEGAL)
    return replace(
        summary, names=names, town="", postcode="", lines="", numbers=tuple(filter(numbers.is_own, summary.numbers))
    )


def is_left_out(*, shielded: bool, uses_hidden_field: bool) -> bool:
    """Whether a search must go on as if the child were not there."""
    return shielded and uses_hidden_field


def shielded_record(identity: Identity, own_authority: Organisation) -> Record:
    """All that anybody reads of a shielded child: who it is, and that their own authority is to be rung."""
    return Record(identity, authority=own_authority, shielded=True)


@dataclass(frozen=True, slots=True)
class Services:
    """What `actor` reads of a child's services: those that may be named, and whether another, sensitive one runs."""

    current: tuple[KnownInvolvement, ...]
    ended: tuple[KnownInvolvement, ...]
    sensitive: bool


def services_shown(involvements: Sequence[KnownInvolvement], actor: Reader, *, today: date) -> Services:
    """The services of a child who is not shielded, as `actor` may read them, in their order."""
    named = [each for each in involvements if service_is_named(each.details, actor)]
    return Services(
        current=tuple(each for each in named if not has_ended(each.details, today)),
        # What is over leads nothing any more. Were that lead shown, one not shown would be a sensitive service's.
        ended=tuple(replace(each, lead=False) for each in named if has_ended(each.details, today)),
        sensitive=any(is_told_of_sensitive_service(each.details, actor, today=today) for each in involvements),
    )


def services_to_connect(involvements: Sequence[KnownInvolvement], *, today: date) -> tuple[KnownInvolvement, ...]:
    """Of all services those that the management team rings to make a connection: the sensitive ones that run."""
    return tuple(
        each
        for each in involvements
        if each.details.service in SENSITIVE_SERVICES and not has_ended(each.details, today)
    )


def services_reported(involvements: Sequence[KnownInvolvement], part: ReportedPart) -> tuple[KnownInvolvement, ...]:
    """Of all services those that a report of that part is about: never a sensitive one, whoever reads."""
    return tuple(each for each in involvements if is_of(part, each.details.service))


def parts_shown(*, shielded: bool) -> tuple[ReportedPart, ...]:
    """What a reader may report as wrong: what they see."""
    return tuple(part for part in ReportedPart if not shielded or part in NEVER_HIDDEN)


def service_is_named(details: InvolvementDetails, actor: Reader) -> bool:
    """Whether `actor` reads which service it is, where and since when."""
    return is_own(details, actor) or details.service not in SENSITIVE_SERVICES


def is_told_of_sensitive_service(details: InvolvementDetails, actor: Reader, *, today: date) -> bool:
    """Whether `actor` reads that a sensitive service is involved, and no more."""
    return not service_is_named(details, actor) and not has_ended(details, today)


def lead_is_named(details: InvolvementDetails, actor: Reader, *, today: date) -> bool:
    """Whether `actor` reads that this service has the lead, which has it."""
    return service_is_named(details, actor) and not has_ended(details, today)


def holder_shown(holder: Organisation, actor: Reader) -> Organisation | None:
    """Who holds the child's assessment, where `actor` may read it; else as if there were none."""
    named = holder.pk == actor.seeing_organisation_id or not SENSITIVE_SERVICES.intersection(services_of(holder))
    return holder if named else None


def is_own(details: InvolvementDetails, actor: Reader) -> bool:
    """Whether it is an involvement of the organisation in whose name `actor` looks."""
    return details.organisation_id == actor.seeing_organisation_id


def has_ended(details: InvolvementDetails, today: date) -> bool:
    """Whether the service no longer works with the child."""
    return details.ended_on is not None and details.ended_on <= today
