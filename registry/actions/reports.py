"""Something wrong on a record: reported by whoever has it open, answered by those who answer for it (docs/adr/0052).

Each step is an event, and taken by the database from it. What is wrong comes from a closed list, and never what would
be right.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from access.rules.decisions import check_can
from access.rules.errors import NotFoundError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record, record_first
from audit.reported import ReportAnswer, ReportedPart
from registry import statements
from registry.actions.steps import check_seen, find, take_step
from registry.policies.disclosure import parts_shown
from registry.policies.records import child_to_open
from registry.record import Identity
from registry.rules.parts import answers_to
from registry.selectors import reports
from registry.selectors.leaves import own_leave
from registry.selectors.records import identity_of
from registry.selectors.reports import Informant, OwnReport, Reported
from registry.shown import ShownChild, child_told

REPORTED_ALREADY = "You reported this before, and it is open. See below how far it is."
NOT_SHOWN = "This child’s details are protected. What is not shown to you cannot be reported here."


@dataclass(frozen=True, slots=True)
class ToReport:
    """The child of whom somebody reports something, the parts that they see, and what they reported of it before."""

    identity: Identity
    parts: tuple[ReportedPart, ...]
    own: list[OwnReport]


@dataclass(frozen=True, slots=True)
class ReportRead:
    """A report as it is read: who the child is, what the record says there, and who reported it."""

    report: Reported
    identity: Identity
    child: ShownChild
    informants: list[Informant]


def report_to_make(*, actor: Actor, child_id: int) -> ToReport:
    """The child, to somebody who is about to report something, and what they may report. Recorded as shown."""
    check_can(actor, Permission.REPORT_MAKE)
    ticket = record_first(EventKind.CHILD_SHOWN, About(child_id=child_id), actor=actor)
    child = child_to_open(ticket, child_id)
    by_leave = child.shielded and own_leave(child_id) is not None
    return ToReport(
        identity=identity_of(child, today=timezone.localdate()),
        parts=parts_shown(shielded=child.shielded and not by_leave),
        own=reports.own_reports_of(child_id),
    )


@transaction.atomic
def make_report(*, actor: Actor, child_id: int, part: ReportedPart) -> bool:
    """Report it. Returns whether somebody had reported it already: then both are told what comes of it.

    Raises WrongStateError where the actor's own report of it is open, or a shield hides it from them; NotAllowedError
    where they have not opened the record in this session; OverBudgetError.
    """
    check_can(actor, Permission.REPORT_MAKE)
    record(EventKind.REPORT_MADE, About(child_id=child_id, reason=part), actor=actor)
    came = statements.value("SELECT registry_report_make()")
    if came == "own":
        raise WrongStateError(REPORTED_ALREADY)
    if came == "hidden":
        raise WrongStateError(NOT_SHOWN)
    return bool(came == "joined")


def list_reports(*, actor: Actor) -> list[Reported]:
    """What is open of records for which the actor's authorities answer: first what nobody took up, the oldest first.

    Recorded. Names nobody.
    """
    check_can(actor, Permission.REPORT_ANSWER)
    ticket = record_first(EventKind.REPORT_LISTED, actor=actor)
    with ticket.shown():
        return reports.reports()


def read_report(*, actor: Actor, child_id: int, report_id: int) -> ReportRead:
    """One of them. Recorded, naming the child. Raises NotFoundError where it is not open, or not the actor's."""
    check_can(actor, Permission.REPORT_ANSWER)
    about = About(child_id=child_id, fields=[f"reported.{report_id}"])
    ticket = record_first(EventKind.REPORT_READ, about, actor=actor)
    with ticket.shown():
        report = find(reports.reports(), report_id, child_id=child_id)
        told = statements.value("SELECT registry_report_child()")
        informants = reports.informants()
    if told is None:
        raise NotFoundError(child_id=child_id)
    child = child_told(told)
    return ReportRead(report, identity_of(child, today=timezone.localdate()), child, informants)


def answer_report(*, actor: Actor, child_id: int, report_id: int, answer: ReportAnswer, seen: int) -> None:
    """Say what came of it: whoever reported it is told. Raises ChangedError, NotFoundError."""
    report = read_report(actor=actor, child_id=child_id, report_id=report_id).report
    check_seen(report, seen, stands=answer in answers_to(report.part, source_told=report.told_at is not None))
    about = About(child_id=child_id, reason=answer, fields=[f"reported.{report_id}"])
    take_step(
        actor=actor,
        kind=EventKind.REPORT_ANSWERED,
        about=about,
        statement="SELECT registry_report_answer(%s, %s)",
        told=[report_id, seen],
    )
