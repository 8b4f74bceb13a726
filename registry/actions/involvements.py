"""Recording, correcting, ending and withdrawing one's own organisation's involvement."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from access.models import Organisation
from access.rules.errors import NotFoundError
from audit.actors import Actor
from audit.events import EventKind
from audit.reasons import BasisEnd, Mistake
from audit.recorder import About, record
from encryption.errors import StaleRowError
from registry.models import Involvement
from registry.policies.disclosure import lead_is_named
from registry.policies.records import child_to_keep, mistakes_of, own_involvement, services_of
from registry.record import Identity
from registry.rules.basis import ENDS, unfit, wants_basis, wrong_day
from registry.rules.service_days import Life, wrong_end, wrong_start
from registry.selectors.records import identity_of, life_of
from registry.shown import ShownChild
from registry.values import BasisDecision, InvolvementDetails, Provenance, Withdrawal
from registry.vocabulary import SensitiveBasis, Service, Source


class InvalidEntryError(ValueError):
    """The entry breaks a rule that the form asks first: a service of another kind of organisation, a sensitive
    service without a basis that fits, or a basis without one, a day on which it cannot have begun or ended."""


class LeadTakenError(Exception):
    """Another organisation has the lead professional; only it can give the lead away.

    `ask` is whom to ring where the actor may not read which organisation that is; None where they can.
    """

    def __init__(self, ask: Organisation | None) -> None:
        super().__init__()
        self.ask = ask


@dataclass(frozen=True, slots=True)
class Entry:
    """What a practitioner enters of an involvement."""

    service: Service
    practitioner: str
    telephone: str
    started_on: date
    lead: bool
    basis: SensitiveBasis | None = None
    decision: BasisDecision | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A child with whom somebody may record an involvement: who they are, and on which days a service fits."""

    identity: Identity
    life: Life


def child_to_change(*, actor: Actor, child_id: int) -> Kept:
    """The child, to somebody who may record an involvement with them. Recorded. Raises NotPermittedError."""
    with child_to_keep(actor, child_id) as child:
        return Kept(identity_of(child, today=timezone.localdate()), life_of(child))


def record_involvement(*, actor: Actor, child_id: int, entry: Entry) -> Involvement:
    """Record that the actor's organisation works with the child. Raises LeadTakenError, InvalidEntryError.

    The very same entry sent twice, by a double click or two servers at once, stands once.
    """
    with child_to_keep(actor, child_id) as child:
        _check_entry(actor, child, entry)
        same = _running_already(actor, child, entry)
        if same:
            return same
        record(EventKind.INVOLVEMENT_RECORDED, About(child_id=child_id, fields=ENTRY_FIELDS), actor=actor)
        if entry.lead:
            _take_lead(actor, child)
        involvement = Involvement(child=child.child, lead=entry.lead, details=_details(actor, entry, ended_on=None))
        involvement.save()
        return involvement


def correct_involvement(
    *, actor: Actor, child_id: int, involvement_id: int, read_version: int, entry: Entry
) -> Involvement:
    """Replace what was entered.

    Raises StaleRowError when it changed after `read_version` was read, LeadTakenError, InvalidEntryError.
    """
    with child_to_keep(actor, child_id) as child:
        involvement = _as_read(own_involvement(actor, child, involvement_id), read_version)
        _check_entry(actor, child, entry)
        before: InvolvementDetails = involvement.details.open()
        if before.ended_on:
            _check_end(child, started_on=entry.started_on, ended_on=before.ended_on)
        after = _details(actor, entry, ended_on=before.ended_on)
        changed = [name for name in ENTRY_FIELDS if name != "lead" and getattr(before, name) != getattr(after, name)]
        if before.decision != after.decision and "basis" not in changed:
            changed.append("basis")
        if involvement.lead != entry.lead:
            changed.append("lead")
        record(EventKind.INVOLVEMENT_CORRECTED, About(child_id=child_id, fields=changed), actor=actor)
        if entry.lead:
            _take_lead(actor, child, keep=involvement_id)
        involvement.details, involvement.lead = after, entry.lead
        involvement.save()
        return involvement


def end_involvement(
    *, actor: Actor, child_id: int, involvement_id: int, read_version: int, ended_on: date
) -> Involvement:
    """End it on a day. A lead professional who leaves leaves the lead. Raises StaleRowError, InvalidEntryError."""
    with child_to_keep(actor, child_id) as child:
        involvement = _as_read(own_involvement(actor, child, involvement_id), read_version)
        details: InvolvementDetails = involvement.details.open()
        _check_end(child, started_on=details.started_on, ended_on=ended_on)
        involvement.details = replace(details, ended_on=ended_on, provenance=_provenance(actor))
        involvement.lead = False
        record(EventKind.INVOLVEMENT_ENDED, About(child_id=child_id, fields=["ended_on"]), actor=actor)
        involvement.save()
        return involvement


def withdraw_involvement(
    *, actor: Actor, child_id: int, involvement_id: int, read_version: int, reason: Mistake | BasisEnd
) -> None:
    """Take one off the record: it should never have been there, or what allowed it has gone. No reader sees it now.

    The row stays, sealed, with who withdrew it, when and why. Raises StaleRowError, InvalidEntryError.
    """
    with child_to_keep(actor, child_id) as child:
        involvement = _as_read(own_involvement(actor, child, involvement_id), read_version)
        details: InvolvementDetails = involvement.details.open()
        fits = mistakes_of(details.service) if isinstance(reason, Mistake) else ends_of(details.basis)
        if reason not in fits:
            raise InvalidEntryError
        record(EventKind.INVOLVEMENT_WITHDRAWN, About(child_id=child_id, reason=reason), actor=actor)
        mistake, end = (reason, None) if isinstance(reason, Mistake) else (None, reason)
        involvement.withdraw(Withdrawal(actor.user_id, timezone.now(), mistake, end))


def ends_of(basis: SensitiveBasis | None) -> tuple[BasisEnd, ...]:
    """What can end the basis of a sensitive service; nothing ends what needs none."""
    return ENDS[basis] if basis else ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One's own involvement as it stands, to be corrected, ended or withdrawn."""

    entry: Entry
    row_version: int
    ended_on: date | None = None


def involvement_to_show(*, actor: Actor, child_id: int, involvement_id: int, ended: bool = False) -> Shown:
    """One's own organisation's involvement that still runs, or with `ended` that may have ended too.

    Raises NotFoundError, NotPermittedError.
    """
    with child_to_keep(actor, child_id) as child:
        involvement = own_involvement(actor, child, involvement_id)
        details: InvolvementDetails = involvement.details.open()
        if details.ended_on is not None and not ended:
            raise NotFoundError(child_id=child_id)
        entry = Entry(
            details.service,
            details.practitioner,
            details.telephone,
            details.started_on,
            involvement.lead,
            details.basis,
            details.decision,
        )
        return Shown(entry, involvement.row_version, details.ended_on)


ENTRY_FIELDS = ("service", "practitioner", "telephone", "started_on", "basis", "lead")


def _details(actor: Actor, entry: Entry, *, ended_on: date | None) -> InvolvementDetails:
    return InvolvementDetails(
        organisation_id=actor.organisation_id,
        service=entry.service,
        practitioner=entry.practitioner,
        telephone=entry.telephone,
        started_on=entry.started_on,
        ended_on=ended_on,
        basis=entry.basis,
        provenance=_provenance(actor),
        decision=entry.decision,
    )


def _running_already(actor: Actor, child: ShownChild, entry: Entry) -> Involvement | None:
    """The involvement that says exactly this already; the child is locked, so nobody adds one meanwhile."""
    wanted = _details(actor, entry, ended_on=None)
    same = (row for row in child.involvements if row.lead == entry.lead and row.details.open() == wanted)
    return next(same, None)


def _provenance(actor: Actor) -> Provenance:
    return Provenance(Source.PRACTITIONER, timezone.localdate(), actor.organisation_id)


def _check_entry(actor: Actor, child: ShownChild, entry: Entry) -> None:
    services = services_of(Organisation.objects.get(pk=actor.organisation_id))
    life, today = life_of(child), timezone.localdate()
    if entry.service not in services or wrong_start(entry.started_on, life, today=today):
        raise InvalidEntryError
    if not wants_basis(entry.service):
        if entry.basis or entry.decision:
            raise InvalidEntryError
        return
    if entry.basis is None or entry.decision is None:
        raise InvalidEntryError
    if unfit(entry.basis, entry.decision, life) or wrong_day(entry.decision, life, today=today):
        raise InvalidEntryError


def _check_end(child: ShownChild, *, started_on: date, ended_on: date) -> None:
    if wrong_end(ended_on, life_of(child), started_on=started_on, today=timezone.localdate()):
        raise InvalidEntryError


def _as_read(involvement: Involvement, read_version: int) -> Involvement:
    if involvement.row_version != read_version:
        raise StaleRowError(f"Involvement {involvement.pk} changed after it was read.")
    return involvement


def _take_lead(actor: Actor, child: ShownChild, *, keep: int = 0) -> None:
    """Give up the lead that another involvement than `keep`, of the same organisation, has. Raises LeadTakenError.

    There is more than one where records lie under this one.
    """
    holders = [row for row in child.involvements if row.lead and row.pk != keep]
    for holder in holders:
        details: InvolvementDetails = holder.details.open()
        if details.organisation_id != actor.organisation_id:
            named = lead_is_named(details, actor, today=timezone.localdate())
            raise LeadTakenError(None if named else child.child.responsible_authority)
    for holder in holders:
        holder.lead = False
        holder.save()
