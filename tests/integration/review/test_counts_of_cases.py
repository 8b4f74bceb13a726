"""Charts and the report of what was examined: how much is explained, how long cases wait, how often rules are right."""

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from access.models import Organisation, Role, User
from audit.reasons import CaseResult
from review import rules
from review.charts import CHARTS
from review.charts.queue import in_words
from review.models import Case, State
from review.rules.weights import weights
from review.selectors.casework import ages
from review.selectors.months import Month
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.casework import bare_case
from tests.integration.review.counting import decided, examined, worked
from tests.integration.review.reading import opened, text_of
from tests.integration.review.test_counts import CHARTS_PAGE, REPORT, cells

TITLES = {chart.code: chart.title for chart in CHARTS}
ENOUGH = weights().score.fewest_decided
EARLIER = Month.of(factories.today()).before


def row(page: HttpResponse, chart: str, name: str) -> list[int]:
    return [int(cell) for cell in cells(page, TITLES[chart])[name]]


def totals(page: HttpResponse, chart: str) -> list[int]:
    table = cells(page, TITLES[chart])
    head = next(iter(table))
    return [
        sum(int(counts[place]) for name, counts in table.items() if name != head) for place in range(len(table[head]))
    ]


def test_looks_are_counted_by_what_explains_them(visitor: Client, teacher: User, stranger: User) -> None:
    with as_owner_here():
        examined(teacher, *[State.AT_ONCE] * 3, State.LATER, State.HELD, State.HELD, State.UNEXPLAINED)
        examined(teacher, State.UNEXPLAINED, day=EARLIER.days[-1])
        examined(stranger, State.AT_ONCE)
    page = visitor.get(CHARTS_PAGE)
    today = factories.today()
    assert row(page, "explained", f"{today:%a} {today.day}") == [3, 1, 2, 1, 7]
    assert totals(page, "explained") == [3, 1, 2, 1, 7]
    assert totals(visitor.get(CHARTS_PAGE, {"month": EARLIER.code}), "explained") == [0, 0, 0, 1, 1]


def test_whom_an_auditor_is_barred_from_they_do_not_count_either(
    visitor: Client, auditor: User, colleague: User
) -> None:
    for person in (auditor, colleague):
        with as_owner_here():
            examined(person, State.UNEXPLAINED)
        bare_case(person)
    page = visitor.get(CHARTS_PAGE)
    assert "No look at a record was examined" in text_of(page)
    assert "No case waited" in text_of(page)


def test_cases_wait_by_age_and_for_whom(
    visitor: Client, auditor: User, council: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        people = [factories.user(works_for=factories.organisation(authority=council)) for _ in range(7)]
    _, late, old, taken, second, closed, faint = [bare_case(person) for person in people]
    elsewhere = bare_case(auditor_elsewhere(as_owner))
    days = dict(zip((late, old, elsewhere), (ages()[0], ages()[-1], 1), strict=True))
    with as_owner_here():
        for case, ago in days.items():
            Case.objects.filter(pk=case.pk).update(opened_at=timezone.now() - timedelta(days=ago, minutes=1))
        Case.objects.filter(pk=faint.pk).update(score=weights().score.threshold - 1)
        worked(taken, auditor)
        worked(second, auditor, CaseResult.EMPLOYER)
        worked(closed, auditor, CaseResult.IN_ORDER, closed=True)

    page = visitor.get(CHARTS_PAGE)

    named = in_words()
    assert row(page, "queue", named[0]) == [1, 1, 1, 3]
    assert row(page, "queue", named[1]) == [1, 0, 0, 1]
    assert row(page, "queue", named[2]) == [0, 0, 0, 0]
    assert row(page, "queue", named[3]) == [1, 0, 0, 1]


def auditor_elsewhere(as_owner: OwnerContext) -> User:
    """Whose case every auditor sees in the queue."""
    with as_owner():
        return factories.user(role=Role.AUDITOR)


def test_what_a_month_closed_with_does_not_change_afterwards(visitor: Client, auditor: User, teacher: User) -> None:
    """A case that waited when the month ended did, whatever came of it since."""
    case = bare_case(teacher)
    with as_owner_here():
        Case.objects.filter(pk=case.pk).update(
            opened_at=timezone.make_aware(datetime.combine(EARLIER.days[-1], datetime.min.time()))
        )
        worked(case, auditor, CaseResult.IN_ORDER, closed=True)
    assert row(visitor.get(CHARTS_PAGE, {"month": EARLIER.code}), "queue", in_words()[0]) == [1, 0, 0, 1]
    assert "No case waited" in text_of(visitor.get(CHARTS_PAGE))


def test_how_often_a_rule_is_right_is_shown_of_enough_decisions(
    visitor: Client, teacher: User, stranger: User, auditor: User, colleague: User
) -> None:
    by = auditor, colleague
    with as_owner_here():
        decided(teacher, "same_home", [CaseResult.EMPLOYER] * 5 + [CaseResult.IN_ORDER] * (ENOUGH - 6), by)
        decided(teacher, "same_home", [CaseResult.UNCLEAR], by)
        decided(stranger, "same_home", [CaseResult.IN_ORDER], by)
    page = visitor.get(CHARTS_PAGE)
    assert f"no rule found something in {ENOUGH} decided cases" in text_of(page)
    assert f"in {ENOUGH} decided cases yet" in text_of(visitor.get(REPORT))

    with as_owner_here():
        decided(teacher, "same_home", [CaseResult.TRAINING], by)

    words = rules.ALL["same_home"].words
    assert cells(visitor.get(CHARTS_PAGE), TITLES["outcomes"])[words] == [
        "5",
        str(ENOUGH - 5),
        str(ENOUGH),
        "25% (between 11% and 47%)",
    ]
    assert cells(visitor.get(REPORT), "Cases decided so far, by rule")[words] == ["20", "5", "25%"]


def test_report_says_what_was_explained_and_what_came_of_cases(
    visitor: Client, teacher: User, auditor: User, colleague: User
) -> None:
    opened(teacher)
    with as_owner_here():
        examined(teacher, *[State.AT_ONCE] * 37, *[State.LATER] * 8, State.UNEXPLAINED)
        decided(teacher, "same_home", [CaseResult.IN_ORDER] * 6, (auditor, colleague))
    bare_case(teacher)
    page = visitor.get(REPORT)
    looks = cells(page, TITLES["explained"])
    assert looks["At once"] == ["35", "78%", "0", ""]
    assert looks["Within seven days"] == ["10", "22%", "0", ""]
    assert looks["Not explained"] == ["fewer than 5", "under 11%", "0", ""]
    cases = cells(page, "Cases of people who stood out")
    assert cases["Begun"] == ["5", "0"]
    assert (cases["Closed"], cases[f"Closed: {CaseResult.IN_ORDER.label}"]) == (["5", "0"], ["5", "0"])
    assert cases["Waiting at the end"] == ["fewer than 5", "0"]
