"""Records on which something is wrong, whoever reports it, and the administrators who answer."""

from dataclasses import dataclass
from datetime import date

from access.models import Organisation, Role, User
from audit.actors import Actor
from audit.reasons import Reason
from audit.reported import ReportAnswer, ReportedPart
from registry.actions import reports
from registry.actions.finding import open_record
from registry.actions.reports import ReportRead
from registry.models import Child, Report
from registry.selectors.reports import HowFar, own_reports_of
from registry.worker import reporting
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import AddChildren, Town, full_draft


@dataclass(frozen=True)
class Counter:
    """A town whose authority has two administrators who answer, and one child."""

    town: Town
    child: Child
    first: User
    second: User

    def reader(self, who: str = "social_worker", child: int | None = None) -> Actor:
        """Somebody who has the record open."""
        actor = self.town.actor(who)
        open_record(actor=actor, child_id=child or self.child.pk, reason=Reason.SAFEGUARDING)
        return actor

    def report(
        self, part: ReportedPart = ReportedPart.ADDRESS, *, by: str = "social_worker", child: int | None = None
    ) -> bool:
        """Report it, with the record open. Returns whether somebody had reported it already."""
        number = child or self.child.pk
        return reports.make_report(actor=self.reader(by, number), child_id=number, part=part)

    def listed(self, by: User | None = None) -> list[int]:
        return [each.id for each in reports.list_reports(actor=factories.actor_for(by or self.first))]

    def read(self, report: Report, by: User | None = None, child: int | None = None) -> ReportRead:
        actor = factories.actor_for(by or self.first)
        return reports.read_report(actor=actor, child_id=child or report.child_id, report_id=report.pk)

    def answer(self, report: Report, answer: ReportAnswer = ReportAnswer.PUT_RIGHT, *, seen: int = 0) -> None:
        actor = factories.actor_for(self.first)
        about = {"child_id": report.child_id, "report_id": report.pk}
        reports.answer_report(actor=actor, **about, answer=answer, seen=seen)

    def how_far(self, who: str = "social_worker", child: int | None = None) -> list[tuple[ReportedPart, HowFar]]:
        """What somebody who reported reads of it, in a new session."""
        reports.report_to_make(actor=self.town.actor(who), child_id=child or self.child.pk)
        return [(each.part, each.how_far) for each in own_reports_of(child or self.child.pk)]


def build_counter(town: Town, child: Child) -> Counter:
    """Make it. Call it as the owner."""
    administrators = [factories.user(works_for=town.authority, role=Role.ADMINISTRATOR) for _ in range(2)]
    return Counter(town, child, *administrators)


def counter_of(town: Town, add: AddChildren, **changes: object) -> Counter:
    """It, with a child of whom everything is known."""
    (child,) = add(full_draft(town, **changes))
    with as_owner_here():
        return build_counter(town, child)


def newest() -> Report:
    with as_owner_here():
        return Report.objects.order_by("pk").last()  # type: ignore[return-value]


def look_up_sources() -> int:
    """As the worker does every few seconds."""
    with as_worker():
        return reporting.look_up_sources()


def forget() -> int:
    """As the worker does each night."""
    with as_worker():
        return reporting.forget()


def reported_as_wrong(authority: Organisation) -> None:
    """A child of the authority on whose record somebody found something wrong."""
    with as_owner_here():
        born = date(2015, 6, 1)
        (child,) = factories.children(
            factories.draft(authority=authority, given="Nadia", family="Rahman", date_of_birth=born)
        )
        worker = factories.user(works_for=authority)
    actor = factories.actor_for(worker)
    open_record(actor=actor, child_id=child.pk, reason=Reason.SAFEGUARDING)
    reports.make_report(actor=actor, child_id=child.pk, part=ReportedPart.ADDRESS)
