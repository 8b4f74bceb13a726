"""What becomes of reports of something wrong with time, and with the record that they are about."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from access.models import OrganisationKind, Role
from access.rules.errors import NotFoundError
from audit.reported import ReportAnswer, ReportedPart
from registry.actions import reports
from registry.models import Child, Report, Reporter
from registry.selectors.reports import HowFar, own_reports
from registry.values import Provenance
from registry.vocabulary import Service, Source
from registry.worker.reporting import KEPT_FOR
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.merging import amina
from tests.integration.registry.people import CONFIRMED, AddChildren, Town, involvement
from tests.integration.registry.reporting import (
    Counter,
    build_counter,
    counter_of,
    forget,
    look_up_sources,
    newest,
)

pytestmark = pytest.mark.usefixtures("own_database")
ADDRESS, NAME = ReportedPart.ADDRESS, ReportedPart.NAME


@pytest.fixture
def counter(town: Town, add: AddChildren) -> Counter:
    return counter_of(town, add)


def again(report: Report) -> Report:
    with as_owner_here():
        return Report.objects.get(pk=report.pk)


def test_it_follows_the_record_to_another_authority(counter: Counter) -> None:
    counter.report()
    report = newest()
    with as_owner_here():
        away = factories.organisation(kind=OrganisationKind.AUTHORITY)
        taker = factories.user(role=Role.ADMINISTRATOR, works_for=away)
    with as_worker():
        Child.objects.filter(pk=counter.child.pk).update(responsible_authority=away)
    assert counter.listed() == []
    assert counter.listed(taker) == [report.pk]
    assert counter.read(report, taker).identity.name == "Amina Hussain"
    with pytest.raises(NotFoundError):
        counter.answer(report)


def test_reports_of_two_records_under_one_count_for_that_one(town: Town, add: AddChildren) -> None:
    bureau = amina(town, add)
    with as_owner_here():
        counter = build_counter(town, Child.objects.get(pk=bureau.two.stays))
    counter.report(child=bureau.two.under)
    below = newest()
    counter.report(ReportedPart.SCHOOL, by="teacher")
    bureau.put_together()
    stays = bureau.two.stays
    assert counter.how_far(child=stays) == [(ADDRESS, HowFar.WAITING)]
    assert set(counter.listed()) == {below.pk, newest().pk}
    # The same part of the one is the same report.
    assert counter.report(by="teacher") is True
    assert len(counter.read(below, child=stays).child.addresses) == 3
    with pytest.raises(NotFoundError):
        counter.read(below)
    actor = factories.actor_for(counter.first)
    about = {"child_id": stays, "report_id": below.pk}
    reports.answer_report(actor=actor, **about, answer=ReportAnswer.RIGHT, seen=0)
    assert counter.how_far(child=stays) == [(ADDRESS, HowFar.RIGHT)]
    # Parted, it is of the record that it was reported of.
    bureau.part()
    assert counter.how_far(child=stays) == []
    assert counter.how_far(child=bureau.two.under) == [(ADDRESS, HowFar.RIGHT)]


def test_sources_are_those_of_the_part_and_never_of_a_sensitive_service(town: Town, add: AddChildren) -> None:
    other = Provenance(Source.SCHOOL_CENSUS, date(2026, 9, 1), town.school.pk)
    secret = Provenance(Source.PERSONAL_DEMOGRAPHICS, date(2026, 2, 2))
    school, clinic = involvement(town.school, Service.SCHOOL), involvement(town.clinic, Service.MENTAL_HEALTH)
    services = [(school, other), (clinic, secret), (involvement(town.police, Service.POLICE), CONFIRMED)]
    told = tuple((False, replace(details, provenance=said)) for details, said in services)
    counter = counter_of(town, add, involvements=told)
    for part in (ReportedPart.SCHOOL, ReportedPart.SERVICE, ReportedPart.GENDER, ReportedPart.PRACTICE):
        counter.report(part)
    assert look_up_sources() == 4
    assert look_up_sources() == 0
    found = {each.part: each.sources for each in reports.list_reports(actor=factories.actor_for(counter.first))}
    assert found == {
        ReportedPart.SCHOOL: (Provenance(Source.SCHOOL_CENSUS, date(2026, 9, 1)),),
        ReportedPart.SERVICE: (Provenance(CONFIRMED.source, CONFIRMED.confirmed_on),),
        ReportedPart.GENDER: (),
        ReportedPart.PRACTICE: (),
    }


def test_closed_ones_are_forgotten_after_their_time(counter: Counter) -> None:
    counter.report()
    counter.answer(newest())
    counter.report(NAME)
    assert forget() == 0
    with as_owner_here():
        Report.objects.filter(part=ADDRESS).update(closed_at=timezone.now() - KEPT_FOR - timedelta(hours=1))
    assert forget() == 1
    assert counter.how_far() == [(NAME, HowFar.WAITING)]


@pytest.mark.parametrize("state", ["severed", "archived"])
def test_what_nobody_will_answer_is_forgotten(counter: Counter, state: str) -> None:
    counter.report()
    report = newest()
    with as_worker():
        Child.objects.filter(pk=counter.child.pk).update(**{state: True})
    assert counter.listed() == []
    with pytest.raises(NotFoundError):
        counter.read(report)
    assert [each.id for each in own_reports()] == []
    assert look_up_sources() == 0
    assert forget() == 1
    with as_owner_here():
        assert (Report.objects.count(), Reporter.objects.count()) == (0, 0)


def test_they_go_with_the_record(counter: Counter) -> None:
    counter.report()
    with as_worker():
        Child.objects.filter(pk=counter.child.pk).update(archived=True)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM registry_child WHERE id = %s", [counter.child.pk])
    with as_owner_here():
        assert (Report.objects.count(), Reporter.objects.count()) == (0, 0)
