"""The sentence at the top of one's own page."""

from datetime import date

import pytest

from access.people.selectors.checklist import Mover
from access.people.selectors.own_access import Standing, Step, until, why_not

SOON, LATER = date(2026, 12, 1), date(2027, 5, 3)


def step(label: str = "Enhanced DBS check", standing: Standing = Standing.DONE, day: date | None = None) -> Step:
    movers = {"Approval": Mover.SECOND_ADMINISTRATOR, "Signed agreement": Mover.APPLICANT}
    mover = None if standing == Standing.DONE else movers.get(label, Mover.ADMINISTRATOR)
    return Step(label, label, standing, day, mover)


def test_first_to_run_out_is_named() -> None:
    steps = [step(day=LATER), step("Signed agreement", Standing.SOON, SOON), step("Password")]

    assert until(steps) == "You can use the service until 1 December 2026. What runs out first: signed agreement."


@pytest.mark.parametrize(
    ("steps", "joining", "says"),
    [
        ([step(), step("Approval", Standing.TO_DO)], True, "yet. Everything is there: a second administrator decides"),
        ([step(standing=Standing.TO_DO), step()], True, "yet. One thing is still to be done: enhanced DBS check."),
        ([step(standing=Standing.TO_DO)] * 3, True, "yet. 3 things are still to be done."),
        ([step(standing=Standing.RAN_OUT, day=SOON)], False, "enhanced DBS check, which ran out on 1 December 2026."),
        ([step(standing=Standing.MISSING)] * 2, False, "now. 2 things are missing or out of date."),
        ([step(), step(standing=Standing.SOON, day=SOON)], False, "You cannot use the service now."),
    ],
)
def test_what_keeps_somebody_out_is_said_in_one_sentence(steps: list[Step], joining: bool, says: str) -> None:
    assert says in why_not(steps, joining=joining)
