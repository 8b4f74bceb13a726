"""Walks of whoever reads the access log."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from pytest_django.plugin import DjangoDbBlocker

from access.models import Role
from audit.reasons import Reason
from review.selectors.months import Month
from tests import factories
from tests.browser import steps
from tests.browser.children import Children, is_quiet
from tests.browser.conftest import Enter, Join, OpenBrowser
from tests.browser.database import (
    has_grown,
    is_late,
    is_not_compared,
    make_a_case,
    make_a_childs_case,
    make_a_month,
    opened_before,
    raise_an_alert,
    seal,
)
from tests.browser.looking import Inspector
from tests.browser.people import COUNCIL
from tests.browser.test_overseers import NUMBER
from tests.browser.walks.walking import Inspect, submit, walks

LAST_MONTH = Month.of(factories.today()).before


@walks(
    "log",
    "filtered_log",
    "event",
    "day",
    "trail",
    "seen",
    "seen_of_event",
    "save_view",
    "saved_views",
    "charts",
    "report",
)
def test_explorers(enter: Enter, inspect: Inspect, children: Children) -> None:
    teacher = enter()
    steps.open_record(teacher, children.one(is_quiet))
    number = teacher.get_by_text(NUMBER).first.inner_text().removeprefix("Number ")
    page = enter(Role.AUDITOR, COUNCIL)
    margaret = inspect(page)
    margaret.open("/log/charts/")
    margaret.open("/log/charts/?month=2001-01", "no such month")
    margaret.open("/log/report/")
    margaret.open(f"/log/report/?month={LAST_MONTH.code}", "nothing in it")
    margaret.open("/log/report/?month=2001-01", "no such month")
    margaret.open("/log/views/", "with none")
    steps.filter_log(page, Organisation="Sale")
    margaret.look("several organisations fit")
    steps.filter_log(page, Organisation="Nowhere at all")
    margaret.look("no organisation fits")
    given = {"What_happened": "Record opened", "Reason": Reason.SAFEGUARDING.label}
    steps.filter_log(page, Show_each_event_on_a_line_of_its_own="yes", **given)
    margaret.look("by reason")
    page.get_by_role("link", name="Keep this view").click()
    margaret.look()
    page.get_by_role("button", name="Keep this view").click()
    margaret.look("without its days")
    page.get_by_label("The last 7 days").check()
    page.get_by_role("button", name="Keep this view").click()
    margaret.look("with a view")
    margaret.open("/log/views/", "with one")
    steps.filter_log(page, Record=number)
    margaret.look("of a record")
    page.get_by_role("link", name="Who has seen this record").click()
    margaret.look()
    steps.filter_log(page, Record=number, What_happened="Record opened", Show_each_event_on_a_line_of_its_own="yes")
    page.locator("tbody a").first.click()
    margaret.look("of an opening")
    event = page.url
    for name in ("From search to opening", "Who has seen this record", "The whole day of this person"):
        page.goto(event)
        page.get_by_role("link", name=name).click()
        margaret.look()


@walks("home", "log", "filtered_log", "event", "visit", "checkpoints", "alerts", "alert", "close_alert")
def test_overseers(enter: Enter, inspect: Inspect, django_db_blocker: DjangoDbBlocker) -> None:
    page = enter(Role.AUDITOR, COUNCIL)
    margaret = inspect(page)
    margaret.open("/")
    margaret.open("/log/")
    margaret.open("/log/?kind=nonsense", "an address of nonsense")
    steps.filter_log(page, From="x", To="y", Person="z", Record="w")
    margaret.look("everything wrong")
    steps.filter_log(page, From="1/1/2001", To="2/1/2001")
    margaret.look("nothing fits")
    steps.open_an_event(page)
    margaret.look()
    page.get_by_role("link", name="What else was done in this visit").click()
    margaret.look()
    raise_an_alert(django_db_blocker, times=2000)
    margaret.open("/log/alerts/?show=closed", "with none")
    margaret.open("/log/alerts/?show=new")
    page.locator("tbody a").first.click()
    margaret.look("new")
    page.get_by_role("button", name="Take this alert").click()
    margaret.look("taken")
    other = enter(Role.AUDITOR, COUNCIL, which=2)
    yusuf = inspect(other)
    yusuf.open(urlsplit(page.url).path, "taken by a colleague")
    other.get_by_role("button", name="Close this alert").click()
    yusuf.look("without a result")
    other.get_by_label("Looked into and not explained").check()
    other.get_by_role("button", name="Close this alert").click()
    yusuf.look("closed")
    margaret.open("/log/checkpoints/")
    seal(django_db_blocker)
    margaret.open("/log/checkpoints/", "with one")
    margaret.open("/log/checkpoints/?older=2&newer=1", "everything wrong")
    margaret.open("/log/checkpoints/?older=1&newer=1", "no such checkpoint")
    steps.open_an_event(page)
    margaret.look("sealed")


@walks(
    "cases",
    "case",
    "case_day",
    "ask_about_case",
    "note_answer",
    "suspend_for_case",
    "decide_case",
    "agree_to_case",
    "judge_access",
    "rules_worth",
    "question",
    "my_history",
    "charts",
    "report",
)
def test_desk(
    open_browser: OpenBrowser,
    join: Join,
    inspect: Inspect,
    children: Children,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """From the queue to the question, its answer, and a decision by two."""
    priya, margaret, yusuf = (
        join(name="Priya Sandhu-Ellis"),
        join(Role.AUDITOR, COUNCIL, name="Margaret Atherley"),
        join(Role.AUDITOR, COUNCIL, name="Yusuf Karaman-Holt"),
    )
    theirs, own, other = (open_browser().new_page() for _ in range(3))
    for page, person in ((theirs, priya), (own, margaret), (other, yusuf)):
        steps.sign_in(page, person)
    known = children.one(is_quiet)
    steps.open_record(theirs, known)
    case = f"/cases/{make_a_case(django_db_blocker, priya)}/"
    first, asked, second = inspect(own), inspect(theirs), inspect(other)
    first.open("/cases/")
    first.open("/cases/?show=closed")
    first.open("/cases/rules/")
    own.goto("/cases/")
    own.get_by_role("link", name=priya.name).first.click()
    first.look("to do")
    expect(own.locator("body")).not_to_contain_text(known.family)
    submit(own, "Take this case")
    first.look("taken")
    own.get_by_role("main").locator("li a").first.click()
    first.look("a day")
    first.open(f"{case}suspend/")
    first.open(f"{case}heard/?of=manager")
    submit(own, "Note it")
    first.look("nothing chosen")
    make_a_month(django_db_blocker, join(name="Gareth Pryce-Lloyd"), (margaret, yusuf))
    first.open("/log/charts/", "with cases")
    first.open("/log/report/", "with cases")
    _ask_and_answer(own, theirs, first, asked, case)
    first.open(case, "answered")
    expect(own.get_by_role("main")).to_contain_text("Look at this first")
    submit(own, "Decide")
    first.look("nothing chosen")
    own.get_by_label("Misuse, passed on to the employer").check()
    submit(own, "Decide")
    first.look("waiting for a second auditor")
    _agree(other, second, priya.name)
    _judge(other, second)


@walks(
    "cases",
    "case",
    "alerts",
    "alert",
    "ask_about_case",
    "note_answer",
    "suspend_for_case",
    "decide_case",
    "agree_to_case",
)
def test_desk_of_a_child(
    open_browser: OpenBrowser,
    join: Join,
    inspect: Inspect,
    children: Children,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """From the alert to the case that names three, one of whom is asked, does not answer, and is decided otherwise."""
    known = children.one(is_quiet)
    people = [join(name=name) for name in ("Priya Ellis-Sandhu", "Tomasz Wren-Adler", "Grace Okoro-Lane")]
    for person in people:
        theirs = open_browser().new_page()
        steps.sign_in(theirs, person)
        steps.open_record(theirs, known)
    own, other = (open_browser().new_page() for _ in range(2))
    steps.sign_in(own, join(Role.AUDITOR, COUNCIL, name="Margaret Atherley-Voss"))
    steps.sign_in(other, join(Role.AUDITOR, COUNCIL, name="Yusuf Holt-Karaman"))
    number = make_a_childs_case(django_db_blocker, people)
    case, first, second = f"/cases/{number}/", inspect(own), inspect(other)
    with is_not_compared(django_db_blocker):
        first.open("/cases/", "of an auditor who was not compared yet")
    expect(own.get_by_role("main")).to_contain_text("No case is shown to you yet")
    first.open("/log/alerts/", "with an urgent case")
    own.get_by_role("row").filter(has_text=f"case {number}").get_by_role("link").click()
    first.look("of an urgent case")
    own.get_by_role("link", name="Open the case").click()
    first.look("of a child")
    expect(own.locator("body")).not_to_contain_text(known.family)
    submit(own, "Take this case")
    first.look("of a child, taken")
    row = own.get_by_role("table", name="The people").get_by_role("row")
    row.filter(has_text=people[1].name).get_by_role("link", name=f"Ask {people[1].name}").click()
    first.look("about one of several")
    own.get_by_label("Was it you who did this?").check()
    submit(own, "Ask")
    is_late(django_db_blocker, number)
    first.open(case, "of a child, with a late answer")
    expect(own.get_by_role("main")).to_contain_text("They were reminded on")
    first.open("/cases/?show=mine", "with a late answer")
    own.goto(case)
    for link in (f"Suspend {people[1].name}", f"Note what they said ({people[1].name})"):
        own.get_by_role("link", name=link).click()
        first.look("about one of several")
        own.goto(case)
    own.get_by_label("Explained, and in order").check()
    own.get_by_label(f"What came of it for {people[1].name}?").select_option(label="Misuse, passed on to the employer")
    has_grown(django_db_blocker, number)
    submit(own, "Decide")
    first.look("of a child, grown since")
    expect(own.get_by_role("main")).to_contain_text("What you chose is still chosen below")
    submit(own, "Decide")
    first.look("of a child, waiting for a second auditor")
    other.goto(case)
    other.get_by_role("link", name="Agree, or send it back").click()
    second.look("of a child")
    expect(other.get_by_role("main")).to_contain_text(people[1].name)
    other.get_by_label("Yes, and the case is closed").check()
    submit(other, "Confirm")
    second.look("of a child, closed")


def _ask_and_answer(own: Page, theirs: Page, first: Inspector, asked: Inspector, case: str) -> None:
    first.open(f"{case}ask/?of=manager")
    first.open(f"{case}ask/?of=person")
    submit(own, "Ask")
    first.look("nothing chosen")
    own.get_by_label("What was the occasion of these accesses?").check()
    submit(own, "Ask")
    first.look("asked")
    asked.open("/my-access/history/", "asked")
    theirs.get_by_role("link", name="An auditor asks you").click()
    asked.look("a question")
    submit(theirs, "Send your answer")
    asked.look("nothing chosen")
    theirs.get_by_label("I know the child or the family, and wanted to know").check()
    theirs.get_by_label("Nothing that I could show").check()
    submit(theirs, "Send your answer")
    asked.look("answered")


def _agree(other: Page, second: Inspector, name: str) -> None:
    second.open("/cases/?show=second")
    other.get_by_role("link", name=name).click()
    second.look("to agree to")
    other.get_by_role("link", name="Agree, or send it back").click()
    second.look("whether to agree")
    submit(other, "Confirm")
    second.look("nothing chosen")
    other.get_by_label("Yes, and the case is closed").check()
    submit(other, "Confirm")
    second.look("closed")
    expect(other.get_by_role("main")).to_contain_text("The case is closed.")


def _judge(other: Page, second: Inspector) -> None:
    second.open("/cases/?show=to_do")
    other.get_by_role("row").filter(has_text="An access to judge by itself").get_by_role("link").first.click()
    second.look()
    submit(other, "Judge this access")
    second.look("nothing chosen")
    other.get_by_label("It looks doubtful").check()
    submit(other, "Judge this access")
    expect(other.get_by_role("main")).to_contain_text("What you say is noted.")


@walks("answers", "begin_answer", "answer", "confirm_answer", "give_answer_back", "release_answer", "close_answer")
def test_answers(
    enter: Enter, page: Page, join: Join, children: Children, inspect: Inspect, django_db_blocker: DjangoDbBlocker
) -> None:
    priya, known = join(name="Priya Nair-Walker"), children.one(is_quiet)
    steps.sign_in(page, priya)
    steps.open_record(page, known)
    number = page.get_by_text(re.compile(r"^Number \d{5} \d{5} \d$")).first.inner_text().removeprefix("Number ")
    opened_before(django_db_blocker, priya, 3)
    window = enter(Role.AUDITOR, COUNCIL)
    margaret = inspect(window)
    margaret.open("/log/answers/")
    margaret.open("/log/answers/?show=closed", "with none")
    margaret.open("/log/answers/begin/")
    window.get_by_role("button", name="Begin the answer").click()
    margaret.look("everything wrong")
    steps.begin_answer(window, "999 173 6115")
    margaret.look("leads nowhere")
    window.get_by_role("button", name="Close this answer").click()
    margaret.look("without a result")
    window.get_by_label("The number is that of another record").check()
    window.get_by_role("button", name="Close this answer").click()
    margaret.look("closed")
    steps.begin_answer(window, number)
    margaret.look("begun")
    window.get_by_role("button", name="Confirm this answer").click()
    margaret.look("nothing chosen")
    window.get_by_label("What the letter says of line 1").select_option(index=1)
    window.get_by_role("button", name="Confirm this answer").click()
    margaret.look("confirmed")
    other = enter(Role.AUDITOR, COUNCIL, which=2)
    yusuf = inspect(other)
    yusuf.open(urlsplit(window.url).path, "to be released")
    other.get_by_role("button", name="Give it back").click()
    yusuf.look("without a reason")
    other.get_by_role("link", name="Check and release").click()
    yusuf.look()
    other.get_by_role("button", name="Release the letter").click()
    yusuf.look("released")
    yusuf.open("/log/answers/?show=released")
