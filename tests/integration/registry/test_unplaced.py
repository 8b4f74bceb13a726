"""Children of school age with no education setting: found once a month by the worker, and listed."""

from dataclasses import replace
from datetime import date, timedelta
from unittest import mock

import pytest
from django.db import connection
from django.urls import reverse
from structlog.testing import capture_logs

from access.models import OrganisationKind, Role
from audit.events import EventKind
from registry.models import Child, Unplaced, UnplacedCount, UnplacedMonth
from registry.values import Address
from registry.vocabulary import AddressState, NameKind, Service
from registry.worker import unplaced
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.handing import build_border
from tests.integration.registry.merging import build_bureau
from tests.integration.registry.people import (
    CONFIRMED,
    AddChildren,
    Draft,
    Town,
    draft,
    full_draft,
    involvement,
    name,
)
from tests.integration.registry.visiting import Visitor, assert_plain_refusal, main_of, rows_of, text_of
from tests.log import events

TODAY = date(2026, 3, 16)
LIST = reverse("unplaced")
GONE = date(2026, 3, 2)


def list_month(today: date = TODAY) -> int:
    with as_worker():
        return unplaced.list_month(today)


def listed() -> set[int]:
    with as_worker():
        return set(Unplaced.objects.values_list("child_id", flat=True))


def with_service(town: Town, service: Service, **dates: date) -> Draft:
    place = town.school if service == Service.SCHOOL else town.authority
    return draft(town, involvements=((False, involvement(place, service, **dates)),))


@pytest.fixture
def visitor(town: Town) -> Visitor:
    return Visitor(town.administrator)


def test_who_of_school_age_has_no_setting_now_is_listed(town: Town, add: AddChildren) -> None:
    made = dict(
        zip(
            ("none", "school", "elsewhere", "ended", "ends later", "nursery", "doctor", "full"),
            add(
                draft(town),
                with_service(town, Service.SCHOOL),
                with_service(town, Service.EDUCATED_ELSEWHERE),
                with_service(town, Service.SCHOOL, ended_on=GONE),
                with_service(town, Service.SCHOOL, ended_on=TODAY + timedelta(days=1)),
                with_service(town, Service.EARLY_YEARS),
                with_service(town, Service.GP),
                full_draft(town),
            ),
            strict=True,
        )
    )
    assert list_month() == 4
    assert listed() == {made[each].pk for each in ("none", "ended", "nursery", "doctor")}


@pytest.mark.parametrize(
    ("born", "is_listed"),
    [
        (date(2021, 3, 16), False),  # five, and not yet the next prescribed day
        (date(2020, 12, 31), True),
        (date(2021, 1, 1), False),
        (date(2017, 4, 9), True),
        (date(2009, 9, 1), True),
        (date(2009, 8, 31), False),
        (date(2008, 6, 1), False),
    ],
)
def test_only_who_is_of_school_age(town: Town, add: AddChildren, born: date, is_listed: bool) -> None:
    add(draft(town, date_of_birth=born))
    assert bool(list_month()) == is_listed


def test_who_has_died_is_closed_or_archived_is_not(town: Town, add: AddChildren) -> None:
    dead, severed, archived = add(draft(town), draft(town), draft(town))
    with as_worker():
        dead.date_of_death = date(2026, 1, 1)
        dead.save()
        Child.objects.filter(pk=severed.pk).update(severed=True)
        Child.objects.filter(pk=archived.pk).update(archived=True)
    assert list_month() == 0


def test_a_school_that_was_withdrawn_is_none(town: Town, add: AddChildren) -> None:
    (child,) = add(with_service(town, Service.SCHOOL))
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_involvement SET withdrawal = details WHERE child_id = %s", [child.pk])
    assert list_month() == 1


def test_two_records_of_a_child_are_one_and_the_school_of_either_counts(town: Town, add: AddChildren) -> None:
    stays, under, bare, below = add(
        draft(town), with_service(town, Service.SCHOOL), draft(town, "Noor"), draft(town, "Noor")
    )
    placed, without = build_bureau(town, stays, under), build_bureau(town, bare, below)
    for bureau in (placed, without):
        bureau.put_together()
    assert list_month() == 1
    assert listed() == {bare.pk}, "the one that stays, and by no school of the other's"
    placed.part()
    without.part()
    assert list_month(date(2026, 4, 1)) == 3
    assert listed() == {stays.pk, bare.pk, below.pk}


@pytest.mark.parametrize(
    ("state", "since", "is_listed"),
    [
        (AddressState.LEFT_NOT_RETURNING, GONE - timedelta(days=31), False),
        (AddressState.LEFT_RETURNING, GONE, True),
        (AddressState.LEFT_UNKNOWN, GONE, True),
        (AddressState.LEFT_UNKNOWN, GONE.replace(year=2024) - timedelta(days=31), False),
    ],
)
def test_who_left_england_is_listed_while_the_key_of_the_record_is_one_of_that_age(
    town: Town, add: AddChildren, state: AddressState, since: date, is_listed: bool
) -> None:
    add(draft(town, addresses=(Address(state, None, since, None, CONFIRMED),)))
    assert bool(list_month()) == is_listed


def test_the_walk_goes_on_where_it_stopped_and_is_done_once(town: Town, add: AddChildren) -> None:
    made = add(*(draft(town) for _ in range(5)))
    with mock.patch.object(unplaced, "RECORDS_IN_A_BLOCK", 2):
        real, calls = unplaced._in_education, []

        def fails_in_the_second(ids: list[int], today: date) -> set[int]:
            calls.append(ids)
            if len(calls) == 2:
                raise RuntimeError
            return real(ids, today)

        fails = mock.patch.object(unplaced, "_in_education", fails_in_the_second)
        with as_worker(), fails, pytest.raises(RuntimeError):
            unplaced.list_month(TODAY)
        assert listed() == {each.pk for each in made[:2]}
        with as_worker():
            assert UnplacedMonth.objects.get().done_at is None
        assert list_month() == 5
    assert [len(each) for each in calls] == [2, 2]
    assert list_month() == 0
    assert list_month(TODAY + timedelta(days=3)) == 0
    assert listed() == {each.pk for each in made}


def test_next_month_forgets_who_was_listed_and_keeps_how_many(town: Town, add: AddChildren) -> None:
    add(draft(town), draft(town))
    assert list_month() == 2
    add(draft(town))
    assert list_month(date(2026, 4, 1)) == 3
    with as_worker():
        assert set(Unplaced.objects.values_list("month", flat=True)) == {date(2026, 4, 1)}
        counted = UnplacedCount.objects.order_by("month").values_list("authority", "month", "children")
        assert list(counted) == [
            (town.authority.pk, date(2026, 3, 1), 2),
            (town.authority.pk, date(2026, 4, 1), 3),
        ]


def test_what_does_not_open_keeps_nobody_else_off_the_list(town: Town, add: AddChildren) -> None:
    broken, whole = add(draft(town), draft(town))
    with as_worker():
        Child.objects.filter(pk=broken.pk).update(row_version=7)
    with capture_logs() as logs:
        assert list_month() == 1
    assert listed() == {whole.pk}
    assert [each["child"] for each in logs if each["event"] == "unplaced.not_opened"] == [broken.pk]


def test_the_page_shows_who_they_are_and_no_place(town: Town, add: AddChildren, visitor: Visitor) -> None:
    assert "The first list is being made" in main_of(visitor.get(LIST))
    bare = full_draft(town, involvements=(), numbers=[])
    shielded, open_one = add(
        replace(bare, shielded_since=date(2026, 1, 5)), replace(bare, names=[(NameKind.LEGAL, name("Noor", "Aziz"))])
    )
    list_month(factories.today())
    page = main_of(visitor.get(LIST))
    rows = rows_of(page)
    assert [name in row for name, row in zip(("Amina Hussain", "Noor Aziz"), rows[:2], strict=True)] == [True, True]
    for hidden in ("Malik", "Hidden Lane", "Farah", "protected child", town.school.name):
        assert hidden not in page
    first, second = events(kind=EventKind.UNPLACED_LISTED)[-2:]
    assert (first.fields, first.shown) == (["page.1"], [])
    assert sorted(second.shown) == sorted([shielded.pk, open_one.pk])
    assert "<b>2</b>" in page


def test_fifty_on_a_page_and_the_budget_ends_it(town: Town, add: AddChildren, visitor: Visitor) -> None:
    add(*(draft(town) for _ in range(53)))
    list_month(factories.today())
    first, second = (main_of(visitor.get(f"{LIST}?page={page}")) for page in (1, 2))
    assert (first.count("Amina Hussain"), second.count("Amina Hussain")) == (50, 3)
    assert "<b>53</b>" in first
    assert "?page=2" in first
    for wrong in ("0", "x", "-1", "9999999", "3", "²"):
        assert visitor.get(f"{LIST}?page={wrong}").status_code == 302, wrong
    for _ in range(8):
        visitor.get(LIST)
    told = visitor.get(LIST)
    assert told.status_code == 429, main_of(told)
    assert "Amina" not in main_of(told)


def test_another_council_and_other_roles_see_none_of_them(town: Town, add: AddChildren) -> None:
    (child,) = add(draft(town))
    list_month(factories.today())
    with as_owner_here():
        other = factories.organisation(kind=OrganisationKind.AUTHORITY)
        stranger = factories.user(role=Role.ADMINISTRATOR, works_for=other)
    assert "There is no such child" in main_of(Visitor(stranger).get(LIST))
    for who in (town.teacher, town.social_worker):
        assert_plain_refusal(Visitor(who).get(LIST), 403)
    assert not [each for each in events(kind=EventKind.UNPLACED_LISTED) if child.pk in each.shown]


def test_who_is_handed_over_leaves_the_list(town: Town, add: AddChildren) -> None:
    (child,) = add(draft(town))
    list_month(factories.today())
    with as_owner_here():
        border = build_border(town, child)
    assert "Amina Hussain" in text_of(border.gives.get(LIST))
    border.offer()
    border.step(border.takes, "accept")
    for visitor in (border.gives, border.takes):
        assert "Amina" not in main_of(visitor.get(LIST))
    assert rows_of(main_of(border.gives.get(LIST)))[-1].endswith(" 1"), "the count of the month stays"
