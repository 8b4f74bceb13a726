"""An answer to a family, from the question to the letter, each box filled rightly and wrongly."""

from datetime import timedelta

from tests.sweeps.browser import Browser
from tests.sweeps.feeding import TODAY, Feeder, boxes

BEGIN = "/log/answers/begin/"


def type_answers(feeder: Feeder, browser: Browser, colleague: Browser) -> None:
    """Begin answers as one auditor; have one closed, and one given back, confirmed again and released by another."""
    made = feeder.aviary
    form = browser.get(BEGIN).form("record")
    names = ("asker", "identity_check", "right_check")
    days = [f"{name}_{part}" for name in ("since", "until") for part in ("day", "month", "year")]
    wrong = {name: made.word(f"BeginAnswerForm.{name}, wrong") for name in ("record", *names, *days)}
    browser.fill(form, **wrong)
    browser.get(f"/log/answers/?show={made.word('answers: show')}")
    _step(feeder, browser, _begun(feeder, browser, "closed"), "result", "wrong_number")
    asked = _begun(feeder, browser, "released")
    _confirm(feeder, browser, asked)
    _step(feeder, colleague, asked, "why", "reason_unfit")
    _confirm(feeder, browser, asked)
    form = colleague.get(f"{asked}release/").form("seen")
    colleague.fill(form, seen=made.word("StepForm.seen, wrong"))
    colleague.follow(colleague.fill(form))
    letter = colleague.fill(colleague.get(asked).main_form())
    assert letter.headers["Content-Type"] == "application/pdf", letter.text[-3000:]


def _begun(feeder: Feeder, browser: Browser, what: str) -> str:
    """The address of an answer about the last week. Its days stand in clear: of whom they are, is a number."""
    answer = browser.fill(
        browser.get(BEGIN).form("record"),
        record=feeder.aviary.nhs_number(f"BeginAnswerForm.record, {what}"),
        asker="parent",
        identity_check="asker_in_person",
        right_check="birth_certificate",
        **boxes("since", TODAY - timedelta(days=8)),
        **boxes("until", TODAY - timedelta(days=1)),
    )
    assert answer.location, answer.text[-3000:]
    return answer.location


def _confirm(feeder: Feeder, browser: Browser, asked: str) -> None:
    form = browser.get(asked).form("seen")
    browser.fill(form, seen=feeder.aviary.word("ConfirmLinesForm.seen, wrong"))
    browser.follow(browser.fill(form))


def _step(feeder: Feeder, browser: Browser, asked: str, box: str, rightly: str) -> None:
    """Press a button with one list to choose from, wrongly and rightly."""
    form = browser.get(asked).form(box)
    browser.fill(form, **{box: feeder.aviary.word(f"{box} of an answer, wrong")})
    browser.fill(form, **{box: rightly, "seen": feeder.aviary.word(f"seen beside {box}, wrong")})
    browser.follow(browser.fill(form, **{box: rightly}))
