"""Something wrong is reported from an open record, answered by those who answer for it, and told to its reporters."""

import pytest
from django.db import connection

from access.models import Role, User
from access.models.budget import Measure
from access.rules import grants
from access.rules.errors import NotFoundError, NotPermittedError, WrongStateError
from audit.errors import NotAllowedError, OverBudgetError
from audit.events import EventKind
from audit.reported import ReportAnswer, ReportedPart
from registry.actions import reports
from registry.actions.reports import NOT_SHOWN, REPORTED_ALREADY
from registry.actions.steps import ChangedError
from registry.models import Child, Report, Reporter
from registry.models.report import CLOSING
from registry.rules.parts import NEVER_HIDDEN
from registry.selectors.reports import HowFar, own_reports, waiting
from registry.values import Provenance
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import CONFIRMED, AddChildren, Town
from tests.integration.registry.reporting import (
    Counter,
    counter_of,
    look_up_sources,
    newest,
)
from tests.integration.registry.shielding import URGENT, build_office
from tests.log import events

pytestmark = pytest.mark.usefixtures("own_database")
ADDRESS, NAME = ReportedPart.ADDRESS, ReportedPart.NAME


@pytest.fixture
def counter(town: Town, add: AddChildren) -> Counter:
    return counter_of(town, add)


def again(report: Report) -> Report:
    with as_owner_here():
        return Report.objects.get(pk=report.pk)


def shield(counter: Counter, child: Child | None = None) -> None:
    """Have somebody else shield the child at once."""
    with as_owner_here():
        office = build_office(counter.town, child or counter.child)
    office.asked(URGENT, by="colleague")


def test_from_the_record_to_what_became_of_it(counter: Counter) -> None:
    assert counter.report() is False
    report = newest()
    assert counter.how_far() == [(ADDRESS, HowFar.WAITING)]
    assert look_up_sources() == 1
    (listed,) = reports.list_reports(actor=factories.actor_for(counter.first))
    assert (listed.id, listed.part, listed.people) == (report.pk, ADDRESS, 1)
    assert listed.sources == (Provenance(CONFIRMED.source, CONFIRMED.confirmed_on),)
    read = counter.read(report)
    assert read.identity.name == "Amina Hussain"
    assert [row.details.open().postal.postcode for row in read.child.addresses] == ["M33 4AB", "OL1 2CD"]
    (who,) = read.informants
    with as_owner_here():
        reporter = User.objects.get(pk=counter.town.social_worker.pk)
    assert (who.name, who.organisation) == (reporter.name.open(), counter.town.authority)
    counter.answer(report, ReportAnswer.SOURCE_TOLD)
    assert counter.how_far() == [(ADDRESS, HowFar.SOURCE_TOLD)]
    counter.answer(report, seen=1)
    assert counter.how_far() == [(ADDRESS, HowFar.PUT_RIGHT)]
    done = again(report)
    assert (done.outcome, done.closed_by_id, done.told_by_id, done.steps) == (
        ReportAnswer.PUT_RIGHT,
        counter.first.pk,
        counter.first.pk,
        2,
    )
    assert counter.listed() == []
    kinds = [event.kind for event in events(child_id=counter.child.pk) if event.kind.startswith("report.")]
    assert [kind for kind in kinds if kind != EventKind.REPORT_READ] == [
        EventKind.REPORT_MADE,
        EventKind.REPORT_ANSWERED,
        EventKind.REPORT_ANSWERED,
    ]


def test_what_is_read_is_recorded_before(counter: Counter) -> None:
    counter.report()
    counter.listed()
    counter.read(newest())
    (listed,), (read,) = (events(kind=kind) for kind in (EventKind.REPORT_LISTED, EventKind.REPORT_READ))
    assert (listed.child_id, read.child_id) == (None, counter.child.pk)
    assert read.fields == [f"reported.{newest().pk}"]


@pytest.mark.parametrize("answer", CLOSING)
def test_each_answer_is_told_and_it_can_be_reported_anew(counter: Counter, answer: ReportAnswer) -> None:
    part = ReportedPart.TWO_RECORDS
    counter.report(part)
    first = newest()
    counter.answer(first, answer)
    assert counter.how_far() == [(part, HowFar(answer.value))]
    assert counter.report(part) is False
    assert newest().pk != first.pk
    assert counter.how_far() == [(part, HowFar.WAITING)]


def test_only_two_records_are_put_under_one(counter: Counter) -> None:
    counter.report()
    with pytest.raises(ChangedError):
        counter.answer(newest(), ReportAnswer.ONE_RECORD)
    assert counter.how_far() == [(ADDRESS, HowFar.WAITING)]


def test_of_the_record_as_a_whole_there_is_no_source_to_tell(counter: Counter) -> None:
    counter.report(ReportedPart.TWO_CHILDREN)
    with pytest.raises(ChangedError):
        counter.answer(newest(), ReportAnswer.SOURCE_TOLD)
    assert counter.how_far() == [(ReportedPart.TWO_CHILDREN, HowFar.WAITING)]


def test_two_people_who_report_the_same_are_told_alike(counter: Counter) -> None:
    counter.report()
    report = newest()
    assert counter.report(by="teacher") is True
    assert newest().pk == report.pk
    with as_owner_here():
        assert Reporter.objects.filter(report=report).count() == 2
    assert [each.others for each in own_reports()] == [1], "the teacher's session was the last"
    (listed,) = reports.list_reports(actor=factories.actor_for(counter.first))
    assert listed.people == 2
    assert len(counter.read(report).informants) == 2
    counter.answer(report, ReportAnswer.RIGHT)
    assert counter.how_far("teacher") == counter.how_far() == [(ADDRESS, HowFar.RIGHT)]


def test_nobody_reports_what_they_reported_and_is_open(counter: Counter) -> None:
    counter.report()
    with pytest.raises(WrongStateError) as refused:
        counter.report()
    assert refused.value.sentence == REPORTED_ALREADY
    assert len(events(kind=EventKind.REPORT_MADE)) == 1
    # Another part is another report.
    counter.report(NAME)
    assert dict(counter.how_far()) == {ADDRESS: HowFar.WAITING, NAME: HowFar.WAITING}


def test_whoever_has_not_opened_the_record_reports_nothing(counter: Counter) -> None:
    actor = counter.town.actor("social_worker")
    with pytest.raises(NotAllowedError):
        reports.make_report(actor=actor, child_id=counter.child.pk, part=ADDRESS)
    # Nor in another session than that in which it was opened.
    counter.reader()
    with pytest.raises(NotAllowedError):
        reports.make_report(actor=counter.town.actor("social_worker"), child_id=counter.child.pk, part=ADDRESS)
    assert newest() is None


@pytest.mark.parametrize("who", ["mediator", "administrator"])
def test_only_practitioners_report(counter: Counter, who: str) -> None:
    with pytest.raises(NotPermittedError):
        reports.make_report(actor=counter.town.actor(who), child_id=counter.child.pk, part=ADDRESS)


def test_practitioners_answer_nothing(counter: Counter) -> None:
    counter.report()
    actor = counter.town.actor("teacher")
    for asks in (
        lambda: reports.list_reports(actor=actor),
        lambda: reports.read_report(actor=actor, child_id=counter.child.pk, report_id=newest().pk),
    ):
        with pytest.raises(NotPermittedError):
            asks()


def test_administrators_of_others_neither_see_nor_answer_it(counter: Counter) -> None:
    counter.report()
    with as_owner_here():
        elsewhere = factories.user(role=Role.ADMINISTRATOR)
        # One of the town's school, who decides about its people, and about no record.
        of_the_school = factories.user(role=Role.ADMINISTRATOR, works_for=counter.town.school)
    for person in (elsewhere, of_the_school):
        assert counter.listed(person) == []
        with pytest.raises(NotFoundError):
            counter.read(newest(), person)


def test_nobody_answers_what_they_reported_in_another_role(counter: Counter) -> None:
    counter.report()
    with as_owner_here():
        person = User.objects.get(pk=counter.town.social_worker.pk)
        person.role = Role.ADMINISTRATOR
        person.save(update_fields=["role"])
        grants.grant(person, grants.ADMINISTER, counter.town.authority)
    assert counter.listed(person) == []
    assert waiting() == 0
    with pytest.raises(NotFoundError):
        counter.read(newest(), person)


def test_a_step_is_taken_on_what_was_seen(counter: Counter) -> None:
    counter.report()
    report = newest()
    counter.answer(report, ReportAnswer.SOURCE_TOLD)
    with pytest.raises(ChangedError):
        counter.answer(report)
    with pytest.raises(ChangedError):
        counter.answer(report, ReportAnswer.SOURCE_TOLD, seen=1)
    counter.answer(report, seen=1)
    with pytest.raises(NotFoundError):
        counter.answer(report, seen=2)


def test_what_waits_is_counted(counter: Counter) -> None:
    counter.report()
    counter.report(NAME)
    counter.listed()
    assert waiting() == 2
    counter.answer(newest(), ReportAnswer.SOURCE_TOLD)
    assert waiting() == 1, "what the source was told of waits for the source"


def test_what_nobody_took_up_is_listed_first(counter: Counter) -> None:
    for part in (ADDRESS, NAME, ReportedPart.GENDER):
        counter.report(part)
        if part != ReportedPart.GENDER:
            counter.answer(newest(), ReportAnswer.SOURCE_TOLD)
    assert counter.listed() == [newest().pk, newest().pk - 2, newest().pk - 1]


@pytest.mark.parametrize("part", ReportedPart)
def test_of_a_shielded_child_what_shows_can_be_reported(counter: Counter, part: ReportedPart) -> None:
    shield(counter)
    actor = counter.reader()
    assert set(reports.report_to_make(actor=actor, child_id=counter.child.pk).parts) == NEVER_HIDDEN
    if part in NEVER_HIDDEN:
        assert reports.make_report(actor=actor, child_id=counter.child.pk, part=part) is False
        read = counter.read(newest())
        assert (read.child.addresses, read.child.numbers, read.child.guardians) == ((), (), ())
        assert [row.kind for row in read.child.names] == ["legal"]
    else:
        with pytest.raises(WrongStateError) as refused:
            reports.make_report(actor=actor, child_id=counter.child.pk, part=part)
        assert refused.value.sentence == NOT_SHOWN
        assert newest() is None


@pytest.mark.parametrize("part", ReportedPart)
def test_a_shield_that_comes_later_hides_what_was_reported(counter: Counter, part: ReportedPart) -> None:
    counter.report(part)
    report = newest()
    look_up_sources()
    shield(counter)
    hidden = part not in NEVER_HIDDEN
    assert counter.how_far() == [(part, HowFar.PROTECTED if hidden else HowFar.WAITING)]
    (listed,) = reports.list_reports(actor=factories.actor_for(counter.first))
    assert (listed.hidden, listed.sources is None) == (hidden, hidden)
    read = counter.read(report)
    child = read.child
    assert (child.addresses, child.numbers, child.guardians, child.involvements) == ((), (), (), ())
    assert child.child.date_of_death.open() is None
    assert [row.kind for row in child.names] == ["legal"]
    # It can be answered all the same; and whoever reported it reads nothing of what is hidden.
    counter.answer(report)
    assert counter.how_far() == [(part, HowFar.PROTECTED if hidden else HowFar.PUT_RIGHT)]


def told_of(counter: Counter, part: ReportedPart) -> dict[str, int]:
    """How many rows of each kind are told to whoever answers."""
    counter.report(part)
    child = counter.read(newest()).child
    kinds = ("names", "addresses", "numbers", "guardians", "involvements")
    return {kind: len(getattr(child, kind)) for kind in kinds if getattr(child, kind)}


def test_nothing_is_told_but_the_part(counter: Counter) -> None:
    who = {"names": 1}
    of_each = {part: told_of(counter, part) for part in ReportedPart}
    services = {"involvements": 6}
    assert of_each == dict.fromkeys(ReportedPart, who) | {
        ReportedPart.NAME: {"names": 3},
        ReportedPart.ADDRESS: who | {"addresses": 2},
        ReportedPart.GUARDIANS: who | {"guardians": 2},
        ReportedPart.NHS_NUMBER: who | {"numbers": 1},
        ReportedPart.PUPIL_NUMBER: who | {"numbers": 1},
        ReportedPart.SCHOOL: who | services,
        ReportedPart.PRACTICE: who | services,
        ReportedPart.SERVICE: who | services,
    }


def test_whoever_works_for_a_sensitive_service_is_not_named(counter: Counter) -> None:
    counter.report(by="therapist")
    counter.report(by="teacher")
    hidden, named = counter.read(newest()).informants
    assert (hidden.name, hidden.organisation, hidden.telephone) == (None, None, None)
    assert named.organisation == counter.town.school
    counter.answer(newest())
    assert counter.how_far("therapist") == [(ADDRESS, HowFar.PUT_RIGHT)]


def test_they_are_rung_on_the_number_that_they_gave_last(counter: Counter) -> None:
    counter.report()
    assert [each.telephone for each in counter.read(newest()).informants] == [None]
    with as_owner_here():
        person = User.objects.get(pk=counter.town.social_worker.pk)
        person.telephone = "+441614960777"
        person.save(update_fields=["telephone"])
    assert [each.telephone for each in counter.read(newest()).informants] == ["+441614960777"]


def test_nobody_floods(counter: Counter, settings: object) -> None:
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_budget SET hourly = 2 WHERE measure = %s", [Measure.REPORTS])
    actor = counter.reader()
    for part in (ADDRESS, NAME):
        reports.make_report(actor=actor, child_id=counter.child.pk, part=part)
    with pytest.raises(OverBudgetError):
        reports.make_report(actor=actor, child_id=counter.child.pk, part=ReportedPart.GENDER)
