"""Whatever comes into an address or a form of the auditor's pages, somebody is told, and nothing breaks."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from access.models import User, UserState
from audit.models import RaisedAlert
from review import case_urls, urls
from review.models import Case
from tests.conftest import as_owner_here
from tests.integration.review.casework import CASES, case_about, page_of, take, work_on
from tests.integration.review.reading import LOG, asked, opened, text_of

NUMBERS = (0, 2**63, 10**30)
JUNK_DAYS = ("nonsense", "0001-01-01", "9999-12-31", "2026-02-30", "2026-W01-1", "-1", "\u0662\u0660")
QUERIES = (
    "page=999999",
    "before=abc",
    "before=-1",
    f"before={10**30}",
    f"before={2**63 - 1}",
    "before=1&after=2",
    "after=%00",
    "before=\u0661",
    "month=2099-01",
    "month=%00",
    "show=%00",
    "state=nonsense",
    "of=nonsense",
    "of=%00",
    "filter=nonsense",
    "older=9&newer=1",
    f"older={10**40}&newer=x",
    "%ff=%fe",
)
TYPED = ("", "\0", "x" * 5_000, "\u0661", "2026-99-99 25:61")
# Every box of a form that these pages send.
BOXES = (
    *("agrees", "answer", "alerts", "apart", "asker", "event", "found", "here", "identity_check", "kind"),
    *("organisation", "period", "person", "query", "readings", "reason", "record", "result", "rests_on", "right_check"),
    *("seen", "since_day", "since_month", "since_year", "times", "until_day", "until_month", "until_year", "verdict"),
)
FINE = (200, 302, 400, 403, 404, 405, 409)


def addresses(case: Case, event_id: int, alert: RaisedAlert) -> Iterator[str]:
    """Of each page, of what there is and of what there is not."""
    here = {"case_id": case.pk, "event_id": event_id, "alert_id": alert.pk}
    for pattern in (*urls.urlpatterns, *case_urls.urlpatterns):
        assert isinstance(pattern, URLPattern)
        names = list(pattern.pattern.converters)
        if "day" in names:
            for day in JUNK_DAYS:
                yield reverse(pattern.name, args=[case.pk, day])
        elif "reference" in names:
            yield reverse(pattern.name, args=["00000000-0000-4000-8000-000000000000"])
        elif names:
            (name,) = names
            for number in (*NUMBERS, here.get(name, 1)):
                yield reverse(pattern.name, args=[number])
        else:
            yield reverse(pattern.name)


@pytest.fixture
def case(teacher: User) -> Case:
    """Of a child whose record is not kept any more: there is none of its number."""
    return case_about(teacher)


def test_no_address_breaks_a_page(visitor: Client, case: Case, teacher: User, alert: RaisedAlert) -> None:
    event_id = opened(teacher)
    answers = {}
    for address in addresses(case, event_id, alert):
        answers[address] = visitor.get(address).status_code
    for address in [address for address, status in answers.items() if status in (200, 302)]:
        for query in QUERIES:
            asked_for = f"{address}?{query}"
            answers[asked_for] = visitor.get(asked_for).status_code
    assert {address: status for address, status in answers.items() if status not in FINE} == {}
    assert {answers[address] for address in answers if str(10**30) in urlsplit(address).path} == {302, 404, 405}


def test_nothing_typed_breaks_a_page(visitor: Client, case: Case, teacher: User, alert: RaisedAlert) -> None:
    event_id = opened(teacher)
    take(visitor, case)
    broken = {}
    for address in addresses(case, event_id, alert):
        for typed in TYPED:
            status = visitor.post(address, dict.fromkeys(BOXES, typed)).status_code
            if status not in FINE:
                broken[address, typed] = status
    assert broken == {}
    kept = work_on(case)
    assert kept is not None
    assert kept.result == "", "nothing was decided"


def test_period_that_is_yet_to_come_is_said_to_be(visitor: Client, teacher: User) -> None:
    opened(teacher)
    page = visitor.post(LOG, {"since_day": "1", "since_month": "1", "since_year": str(timezone.localdate().year + 1)})
    assert "From must be today or in the past" in text_of(page)
    assert f'value="{timezone.localdate().year + 1}"' in page.content.decode(), "nothing typed is lost"


def test_period_in_which_nothing_was_is_said_to_be_and_has_nothing_to_export(visitor: Client, teacher: User) -> None:
    opened(teacher)
    day = {"day": "1", "month": "1", "year": "2020"}
    page = asked(visitor, apart="on", **{f"{name}_{part}": day[part] for name in ("since", "until") for part in day})
    assert "Nothing in the log of your authorities fits" in text_of(page)
    assert "evidence pack" not in text_of(page)


def test_whoever_ticks_nothing_is_told_on_the_page_where_they_were(visitor: Client, teacher: User) -> None:
    opened(teacher)
    page = asked(visitor, kind="child.opened", apart="on")
    where = page.request["PATH_INFO"]
    assert f'name="here" value="{where}"' in " ".join(page.content.decode().split())
    answer = visitor.post(reverse("pack"), {"here": where}, follow=True)
    assert answer.redirect_chain[0][0].startswith(where)
    assert "Tick at least one event" in answer.content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/log/", "//evil.example/log/", "/search/", "nonsense", "\0", "http://[", ""]
)
def test_a_form_leads_nowhere_else(visitor: Client, elsewhere: str) -> None:
    assert visitor.post(reverse("pack"), {"here": elsewhere}).headers["Location"] == LOG


def test_case_of_a_person_who_left_stays_on_the_desk(visitor: Client, teacher: User, case: Case) -> None:
    take(visitor, case)
    with as_owner_here():
        User.objects.filter(pk=teacher.pk).update(state=UserState.LEFT, state_at=timezone.now())
    assert teacher.name.open() in text_of(page_of(visitor, case))
    assert teacher.name.open() in text_of(visitor.get(CASES, {"show": "mine"}))


def test_log_of_a_person_who_left_is_found_by_their_address(visitor: Client, teacher: User) -> None:
    event_id = opened(teacher)
    with as_owner_here():
        User.objects.filter(pk=teacher.pk).update(state=UserState.LEFT, state_at=timezone.now())
    assert teacher.name.open() in text_of(asked(visitor, person=teacher.email.open()))
    assert visitor.get(reverse("day", args=[event_id])).status_code == 200


def test_view_of_somebody_else_is_not_there(visitor: Client, other: Client) -> None:
    address = visitor.post(LOG, {"kind": "child.opened"}).url
    assert "What you had chosen is not kept any more" in text_of(other.get(address, follow=True))
    assert "What you had chosen is not kept any more" in text_of(other.get(f"{address}save/", follow=True))
