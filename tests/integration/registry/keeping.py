"""Young people whose records are kept, and the nights of the worker."""

from datetime import date, timedelta

from access.models import Organisation
from audit.actors import Actor
from audit.reasons import ArchiveReason, KeepingEnd, KeepingGround
from encryption.seal import cohort_of_sealed
from registry.actions import archive, keeping
from registry.models import Child
from registry.worker import retention
from registry.worker.resealing import ROWS
from registry.worker.retention import Kept
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.severing import number_of


def years_ago(years: int, *, days: int = 0) -> date:
    """So many years before today, and so many days after that."""
    today = factories.today()
    day = today.replace(year=today.year - years, day=min(today.day, 28))
    return day + timedelta(days=days)


def in_years(born: date, years: int) -> date:
    """The birthday with which somebody born on that day has so many years."""
    return born.replace(year=born.year + years)


def night(today: date | None = None) -> Kept:
    """As the worker does each night."""
    with as_worker():
        return retention.keep_to_terms(today)


def keep_record(actor: Actor, child_id: int, given_on: date, ground: KeepingGround = KeepingGround.CARE_LEAVER) -> None:
    """By number, as the pages do."""
    keeping.find_record(actor=actor, number=number_of(child_id))
    keeping.keep_record(actor=actor, child_id=child_id, ground=ground, given_on=given_on)


def kept_and_asked(authority: Organisation, actor: Actor) -> str:
    """A record that is kept, and one that `actor` asks for of the archive. Returns the number of the kept one."""
    with as_owner_here():
        (child,) = factories.children(factories.draft(authority=authority, date_of_birth=years_ago(18, days=40)))
    keep_record(actor, child.pk, factories.today())
    archive.ask_archive(actor=actor, number=number_of(child.pk), reason=ArchiveReason.DEATH)
    return number_of(child.pk)


def keep_no_more(actor: Actor, child_id: int) -> None:
    keeping.find_record(actor=actor, number=number_of(child_id))
    keeping.keep_no_more(actor=actor, child_id=child_id, why=KeepingEnd.WITHDRAWN)


def cohorts(child_id: int) -> set[str | None]:
    """The months for which the record is sealed: the child's own row, and those beside it."""
    with as_worker():
        child = Child.objects.get(pk=child_id)
        beside = {
            cohort_of_sealed(row.details.stored) for model in ROWS for row in model.objects.filter(child=child_id)
        }
        return {child.cohort(), *beside}


def is_archived(child_id: int) -> bool:
    with as_worker():
        return Child.objects.get(pk=child_id).archived
