"""Charts and the monthly report: counted rightly, of one's own authorities, and of nobody by name."""

import json
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import Organisation, Role, User
from audit.events import EventKind, Outcome
from audit.models.event import COUNTED
from audit.recorder import About
from review.charts import CHARTS
from review.charts.openings import SHOWN
from review.reporting import _numbers
from review.selectors.months import Month
from review.selectors.tallies import Count, Counted
from review.small_numbers import FEWEST
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.reading import asked, happened, opened, recorded, text_of
from tests.log import last_event

CHARTS_PAGE, REPORT = reverse("charts"), reverse("report")
TITLES = {chart.code: chart.title for chart in CHARTS}
NOON = datetime.combine(factories.today().replace(day=1), datetime.min.time(), UTC).replace(hour=12)


def data(page: HttpResponse) -> dict[str, Any]:
    """What the script draws."""
    (found,) = re.findall(r'data-chart="([^"]*)"', page.content.decode())
    told: dict[str, Any] = json.loads(unescape(found))
    return told


def cells(page: HttpResponse, name: str) -> dict[str, list[str]]:
    """The lines of the table of that name, by their heads."""
    table = page.content.decode().partition(f"{name}</caption>")[2].partition("</table>")[0]
    shown = re.sub(r'<span class="stacked__heading".*?</span>', "", table)
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in shown.split("<tr")[1:]]
    rows = [[re.sub(r"<[^>]*>", "", cell).strip() for cell in row] for row in rows]
    return {row[0]: row[1:] for row in rows}


def test_openings_are_counted_by_day_and_organisation(
    visitor: Client, teacher: User, stranger: User, council: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        nurse = factories.user(works_for=factories.organisation(authority=council))
    like = opened(teacher)
    for _ in range(2):
        happened(NOON, like)
    happened(NOON, opened(nurse))
    opened(stranger)

    page = visitor.get(CHARTS_PAGE)

    drawn = data(page)
    names = [teacher.organisation.name, nurse.organisation.name]
    assert drawn["names"] == names
    assert [sum(series) for series in drawn["series"]] == [3, 2]
    assert len(drawn["labels"]) == len(Month.of(factories.today()).days)
    table = cells(page, TITLES["openings"])
    assert table["Day"] == [*names, "All"]
    assert sum(int(row[-1]) for day, row in table.items() if day != "Day") == 5
    assert int(table[drawn["labels"][0]][0]) >= 2


def test_organisations_beyond_the_first_stand_together(
    visitor: Client, council: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        people = [factories.user(works_for=factories.organisation(authority=council)) for _ in range(SHOWN + 2)]
    for number, person in enumerate(people):
        like = opened(person)
        for _ in range(number):
            happened(NOON, like)
    drawn = data(visitor.get(CHARTS_PAGE))
    assert drawn["names"][-1] == "All others"
    assert [sum(series) for series in drawn["series"]] == [8, 7, 6, 5, 4, 3, 2 + 1]


def test_hours_are_those_of_the_wall(visitor: Client, teacher: User) -> None:
    """In summer the clock is an hour ahead: what was counted in UTC would be an hour early."""
    summer = datetime(NOON.year - (NOON.month < 7), 7, 6, 22, 30, tzinfo=UTC)
    happened_in_another_month(opened(teacher), summer)
    page = visitor.get(CHARTS_PAGE, {"month": f"{summer.year}-07"})
    table = cells(page, TITLES["hours"])
    day = table["From"].index(f"{summer:%a}")
    assert [hour for hour, counts in table.items() if counts[day] == "1"] == ["23:00"]


def happened_in_another_month(like: int, at: datetime) -> None:
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("set local timezone to 'UTC'")
        cursor.execute(
            "do $$ begin execute format('create table audit_event_before partition of audit_event"
            " for values from (minvalue) to (%L)', date_trunc('month', now())); end $$"
        )
    happened(at, like)


def test_month_without_an_opening_says_so(visitor: Client, teacher: User) -> None:
    opened(teacher)
    empty = Month.of(factories.today()).before
    for page in (CHARTS_PAGE, REPORT):
        assert f"{empty}." in text_of(visitor.get(page, {"month": empty.code}))
    assert "Nothing was recorded in" in text_of(visitor.get(REPORT, {"month": empty.code}))
    assert "data-chart" not in visitor.get(CHARTS_PAGE, {"month": empty.code}).content.decode()


@pytest.mark.parametrize("junk", ["x", "2026-13", "9999-01", "2001-01", "\0", "-", "2026-1", "\u0662\u0660"])
@pytest.mark.parametrize("page", [CHARTS_PAGE, REPORT])
def test_month_that_is_none_is_said_to_be(visitor: Client, page: str, junk: str) -> None:
    answer = visitor.get(page, {"month": junk})
    assert answer.status_code == 200
    assert "Choose a month from the list" in text_of(answer)


def test_report_has_the_numbers_of_the_month_and_nobody_in_it(
    visitor: Client, auditor: User, teacher: User, stranger: User, council: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        staff = [teacher, *(factories.user(works_for=teacher.organisation) for _ in range(FEWEST - 1))]
        nurse = factories.user(works_for=factories.organisation(authority=council))
    for each in 2 * staff:
        opened(each, reason="s47")
        opened(each, child_id=8, reason="s11")
    actor = factories.actor_for(teacher)
    recorded(EventKind.CHILD_SEARCHED, About(criteria={"family": "Okafor"}), actor=actor)
    recorded(EventKind.ACCESS_REFUSED, actor=actor, outcome=Outcome.OVER_BUDGET)
    opened(stranger)

    page = visitor.get(REPORT)

    numbers = {name: counts[0] for name, counts in cells(page, "In numbers").items()}
    assert numbers["People who searched or opened a record"] == "5"
    assert (numbers["Searches"], numbers["Records opened"]) == ("fewer than 5", "20")
    assert numbers["Attempts refused because a budget was spent"] == "fewer than 5"
    assert numbers["Calls of colleagues to a mediator"] == "0"
    assert {counts[0] for name, counts in cells(page, "by reason").items() if name != "Reason"} == {"10"}
    assert cells(page, "by organisation")[teacher.organisation.name] == ["20"]
    told = text_of(page)
    assert re.search(r"at a weekend: (0|20) of 20\.", told)
    for name in (teacher.name.open(), auditor.name.open(), "4711"):
        assert name not in told

    opened(nurse)
    places = cells(visitor.get(REPORT), "by organisation")
    assert set(places) == {"Organisation", "All organisations"}, "or the others would be one nurse"


def test_report_counts_no_kind_that_its_index_leaves_out() -> None:
    everything = [Count(kind, Outcome.OVER_BUDGET, "", 1) for kind in EventKind]
    only = [each for each in everything if each.kind in COUNTED]
    assert _numbers(Counted(only, 1, [])) == _numbers(Counted(everything, 1, []))
    assert all(times for _, times in _numbers(Counted(only, 1, [])))


def test_report_of_no_opening_is_a_report(visitor: Client, teacher: User) -> None:
    recorded(EventKind.CHILD_SEARCHED, About(criteria={"family": "Okafor"}), actor=factories.actor_for(teacher))
    assert "No record was opened." in text_of(visitor.get(REPORT))


@pytest.mark.parametrize(("page", "what"), [(CHARTS_PAGE, "charts"), (REPORT, "report")])
def test_counting_is_recorded_and_told(visitor: Client, page: str, what: str) -> None:
    visitor.get(page)
    month = Month.of(factories.today())
    assert last_event(kind=EventKind.LOG_READ).fields == [f"{what}.{month.code}"]
    assert f"of {month.code}" in text_of(asked(visitor, readings="on", apart="on"))


def test_others_are_refused(teacher: User, council: Organisation, as_owner: OwnerContext) -> None:
    with as_owner():
        administrator = factories.user(role=Role.ADMINISTRATOR, works_for=council)
    for person in (teacher, administrator):
        browser = factories.signed_in(person)
        assert browser.get(CHARTS_PAGE).status_code == 403
        assert browser.get(REPORT).status_code == 403
