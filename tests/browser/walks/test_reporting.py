"""A walk of whoever reports something wrong on a record, and of those who answer."""

from access.models import Role
from tests.browser import steps
from tests.browser.children import Children
from tests.browser.conftest import Enter
from tests.browser.people import COUNCIL
from tests.browser.walks.walking import Inspect, submit, walks


@walks("record", "report_wrong", "my_reports", "reports", "reported")
def test_reporting(enter: Enter, children: Children, inspect: Inspect) -> None:
    reports, answers = enter(), enter(Role.ADMINISTRATOR, COUNCIL, which=5)
    priya, olu = inspect(reports), inspect(answers)
    priya.open("/my-access/reported/")
    record = steps.open_record(reports, children.busy())
    reports.get_by_role("link", name="Report something wrong").click()
    priya.look("a form")
    submit(reports, "Send")
    priya.look("nothing chosen")
    reports.get_by_label("Parents and carers").check()
    submit(reports, "Send")
    priya.look("reported")
    priya.open("/my-access/reported/", "reported")
    priya.open(record, "something reported")
    olu.open("/reported/")
    answers.get_by_role("link", name="Report", exact=False).last.click()
    olu.look("new")
    report = answers.url
    submit(answers, "Say so")
    olu.look("nothing chosen")
    answers.get_by_label("I told the source").check()
    submit(answers, "Say so")
    olu.look("source told")
    answers.goto(report)
    olu.look("source told")
    answers.get_by_label("It was put right").check()
    submit(answers, "Say so")
    olu.look("answered")
    priya.open(record, "put right")
