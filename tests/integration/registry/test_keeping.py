"""A record is kept to the 25th birthday by consent, and goes at once when that is over; whoever opens it reads so."""

import re
from datetime import date, timedelta
from unittest import mock

import pytest
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs

from access.models import Role
from access.rules.errors import NotFoundError, WrongStateError
from audit.events import EventKind
from audit.reasons import KeepingGround, Reason
from encryption.keys import cohort_of
from registry.actions import keeping
from registry.actions.finding import open_record
from registry.actions.involvements import child_to_change
from registry.actions.keeping import TooEarlyError
from registry.forms.keeping import TOO_LONG_AGO, TOO_YOUNG
from registry.models import Child, ChildTraits, Keeping
from registry.rules.retention import destroy_on
from registry.views.keeping import NO_SUCH_RECORD
from registry.worker import resealing
from registry.worker.retention import Kept
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.keeping import (
    cohorts,
    in_years,
    is_archived,
    keep_no_more,
    keep_record,
    night,
    years_ago,
)
from tests.integration.registry.people import AddChildren, Town, full_draft
from tests.integration.registry.severing import number_of
from tests.integration.registry.visiting import SEARCH, Visitor, main_of, text_of
from tests.log import events

BORN = years_ago(18, days=40)  # seventeen, and of age in some weeks
ORDINARY, KEPT = (
    cohort_of(destroy_on(BORN, None)),
    cohort_of(in_years(BORN, 31)),
)


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    (made,) = add(full_draft(town, date_of_birth=BORN))
    return made


@pytest.fixture
def teacher(town: Town) -> Visitor:
    return Visitor(town.teacher)


def consent(town: Town, child: Child, given_on: date | None = None) -> None:
    keep_record(town.actor("administrator"), child.pk, given_on or factories.today())


def born(day: date) -> dict[str, str]:
    return SEARCH | {f"date_of_birth_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def page_of(teacher: Visitor) -> str:
    """The record's page, found and opened."""
    (reference,) = set(re.findall(r"/record/([^/]+)/reason/", text_of(teacher.search(**born(BORN)))))
    return main_of(teacher.give_reason(reference))


def test_kept_past_18_to_25_and_six_years_in_the_archive(town: Town, child: Child) -> None:
    assert cohorts(child.pk) == {ORDINARY}
    consent(town, child)
    assert night() == Kept()
    assert cohorts(child.pk) == {KEPT}
    assert night(in_years(BORN, 18)) == Kept()
    assert night(in_years(BORN, 25) - timedelta(days=1)) == Kept()
    assert night(in_years(BORN, 25)) == Kept(archived=1)
    assert night(in_years(BORN, 31) - timedelta(days=1)) == Kept()
    assert night(in_years(BORN, 31)) == Kept(destroyed=1)
    with as_owner_here():
        assert not Keeping.objects.exists()


def test_the_night_of_the_birthday_knows_of_a_consent_of_that_day(town: Town, child: Child) -> None:
    """Sealed anew before anybody is looked for; where that fails, asked once more for whom the old month leads to."""
    consent(town, child)
    with mock.patch.object(resealing, "seal_for_term", side_effect=RuntimeError), capture_logs() as logs:
        assert night(in_years(BORN, 18)) == Kept()
    assert [each["event"] for each in logs] == ["keeping.not_sealed"]
    assert cohorts(child.pk) == {KEPT}
    assert not is_archived(child.pk)


def test_who_no_longer_wants_it_goes_the_next_night(town: Town, child: Child, teacher: Visitor) -> None:
    consent(town, child)
    night()
    grown = in_years(BORN, 20)
    assert night(grown) == Kept()
    keep_no_more(town.actor("administrator"), child.pk)
    assert night(grown) == Kept(archived=1)
    assert cohorts(child.pk) == {ORDINARY}
    assert "/record/" not in text_of(teacher.search(**born(BORN)))
    assert [event.kind for event in events(child_id=child.pk, process="", kind__startswith="child.kept")] == [
        EventKind.CHILD_KEPT,
        EventKind.CHILD_KEPT_NO_MORE,
    ]


def test_under_18_the_record_stays_when_consent_ends(town: Town, child: Child) -> None:
    consent(town, child)
    night()
    keep_no_more(town.actor("administrator"), child.pk)
    assert night() == Kept()
    assert cohorts(child.pk) == {ORDINARY}
    consent(town, child)
    night()
    assert cohorts(child.pk) == {KEPT}


def test_consent_that_ends_after_the_ordinary_end_of_all_leaves_nothing(town: Town, add: AddChildren) -> None:
    """Of somebody of 24 and a half: by the ordinary rule the record went half a year ago, and its key with it."""
    (child,) = add(full_draft(town, date_of_birth=BORN))
    consent(town, child)
    night()
    half = in_years(BORN, 24) + timedelta(days=180)
    assert night(half) == Kept()
    keep_no_more(town.actor("administrator"), child.pk)
    with mock.patch.object(timezone, "localdate", return_value=half):
        assert night(half) == Kept(archived=1, destroyed=1)


def test_what_is_compared_of_them_goes_on(town: Town, child: Child) -> None:
    consent(town, child)
    night()
    with as_worker():
        traits = ChildTraits.objects.get(child=child.pk)
        assert traits.row_version == Child.objects.get(pk=child.pk).row_version


def test_whoever_opens_it_reads_that_it_is_kept_and_not_why(town: Town, child: Child, teacher: Visitor) -> None:
    assert "25th" not in page_of(teacher)
    keep_record(town.actor("administrator"), child.pk, factories.today(), KeepingGround.LEARNING)
    page = page_of(teacher)
    assert "Kept until the 25th birthday" in page
    assert "disability" not in page
    assert child_to_change(actor=town.actor(), child_id=child.pk).life.kept


def test_a_shielded_one_does_not_say_so(town: Town, add: AddChildren) -> None:
    (child,) = add(full_draft(town, date_of_birth=BORN, shielded_since=date(2026, 1, 5)))
    consent(town, child)
    record = open_record(actor=town.actor(), child_id=child.pk, reason=Reason.SAFEGUARDING)
    assert (record.shielded, record.kept_until) == (True, None)


def test_who_is_grown_up_and_kept_is_found_and_has_services(town: Town, add: AddChildren, teacher: Visitor) -> None:
    day = years_ago(20)
    (child,) = add(full_draft(town, date_of_birth=day))
    with as_owner_here():
        authority = town.authority.pk
        Keeping.objects.create(
            child_id=child.pk,
            authority_id=authority,
            ground="care_leaver",
            given_on=in_years(day, 17),
            recorded_by_id=town.administrator.pk,
            recorded_at=timezone.now(),
        )
    assert night() == Kept()
    assert not is_archived(child.pk)
    assert "/record/" in text_of(teacher.search(**born(day)))
    by_age = teacher.search(given_name="Amina", family_name="Hussain", age="20", postcode="M33 4AB")
    assert "/record/" in text_of(by_age)
    life = child_to_change(actor=town.actor(), child_id=child.pk).life
    assert life.grown_up_on == in_years(day, 25)


def test_nobody_consents_before_17_nor_for_another_authority(town: Town, add: AddChildren, child: Child) -> None:
    (young,) = add(full_draft(town, date_of_birth=years_ago(16), numbers=[]))
    with pytest.raises(TooEarlyError):
        consent(town, young)
    with as_owner_here():
        stranger = factories.actor_for(factories.user(role=Role.ADMINISTRATOR))
    with pytest.raises(NotFoundError):
        keep_record(stranger, child.pk, factories.today())
    with pytest.raises(NotFoundError):
        keeping.read_keeping(actor=town.actor("administrator"), child_id=child.pk)  # whose number they did not look up
    assert not events(kind=EventKind.CHILD_KEPT)


def test_a_consent_from_too_early_that_got_in_keeps_nothing(town: Town, child: Child) -> None:
    """Whoever took the web process over can say so: to the worker, who opens the birthday, it counts for nothing."""
    with as_owner_here():
        Keeping.objects.create(
            child_id=child.pk,
            authority_id=town.authority.pk,
            ground="care_leaver",
            given_on=in_years(BORN, 17) - timedelta(days=1),
            recorded_by_id=town.administrator.pk,
            recorded_at=timezone.now(),
        )
    assert night(in_years(BORN, 18)) == Kept(archived=1)


def test_recorded_once_and_ended_once(town: Town, child: Child) -> None:
    consent(town, child)
    with pytest.raises(WrongStateError):
        consent(town, child)
    keep_no_more(town.actor("administrator"), child.pk)
    with pytest.raises(WrongStateError):
        keep_no_more(town.actor("administrator"), child.pk)
    assert len(events(kind=EventKind.CHILD_KEPT)) == len(events(kind=EventKind.CHILD_KEPT_NO_MORE)) == 1


def test_by_the_pages(town: Town, child: Child) -> None:
    visitor = Visitor(town.administrator)
    find = reverse("find_keeping")
    assert NO_SUCH_RECORD in main_of(visitor.post(find, number="12345678903"))
    found = visitor.post(find, number=number_of(child.pk))
    page = str(found.headers["Location"])
    today = factories.today()
    typed = {"ground": "care_leaver", "given_on_day": "1", "given_on_month": "1", "given_on_year": str(today.year - 3)}
    assert TOO_LONG_AGO in main_of(visitor.post(page, **typed))
    early = in_years(BORN, 17) - timedelta(days=1)
    day = {f"given_on_{part}": str(getattr(early, part)) for part in ("day", "month", "year")}
    assert TOO_YOUNG in main_of(visitor.post(page, ground="care_leaver", **day))
    day = {f"given_on_{part}": str(getattr(today, part)) for part in ("day", "month", "year")}
    told = main_of(visitor.fill(page, ground="care_leaver", **day))
    assert "is recorded" in told
    assert "care" in main_of(visitor.get(page))
    ended = main_of(visitor.fill(f"{page}end/", why="keeping_withdrawn"))
    assert "That it is over is recorded" in ended
    assert "Keep the record" in main_of(visitor.get(page))
    assert visitor.get(f"{page}end/").status_code == 302
