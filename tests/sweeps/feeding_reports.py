"""Something wrong on a record, reported and answered, each box filled rightly and wrongly."""

import re

from tests.sweeps.browser import Browser
from tests.sweeps.feeding import Feeder

ONE = re.compile(r'href="(/reported/[^"]+/\d+/)"')


def type_reports(feeder: Feeder, reports: Browser, answers: Browser) -> None:
    """Reported, its source told, and closed."""
    made = feeder.aviary
    form = reports.get(f"{feeder.open_child(reports).path}report/").form("part")
    reports.fill(form, part=made.word("ReportForm.part, wrong"))
    assert reports.follow(reports.fill(form, part="wrong_address")).shows("Waiting for the council")
    address = ONE.findall(answers.get("/reported/").text)[0]
    form = answers.get(address).form("answer")
    answers.fill(form, **{box: made.word(f"AnswerForm.{box}, wrong") for box in ("seen", "answer")})
    for answer in ("source_told", "put_right"):
        assert answers.fill(answers.get(address).form("answer"), answer=answer).location, answer
    assert reports.get("/my-access/reported/").shows("It was put right")
