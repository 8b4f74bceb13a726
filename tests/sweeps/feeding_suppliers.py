"""What a supplier sends, from the file to a doubtful match, and back to the supplier: each box wrongly first."""

import re

from tests.sweeps.browser import Answer, Browser
from tests.sweeps.feeding import TODAY, YEAR, Feeder, once

LIST, MATCHES = "/batches/", "/matches/"
COLUMNS = ("key", "given", "family", "date_of_birth", "nhs_number", "address_1", "town", "postcode")


def type_suppliers(feeder: Feeder, browser: Browser) -> None:
    """Three rows: of a child with another's number, of nobody, and one that is refused."""
    made = feeder.aviary
    feeder.observed.python("worker", "manage.py", "add_supplier", "council", "school_census", "table")
    send = _link(browser.get(LIST), r"/batches/send/[^/\"]+/")
    form = browser.get(send).form("file")
    browser.upload(form, "file", b"", file_name=f"{made.word('batch: name of an empty file')}.csv")
    heading = made.word("batch: a heading that is not known")
    browser.upload(form, "file", f"{heading}\n1\n".encode(), file_name="census.csv")
    rows = [
        ",".join(COLUMNS),
        _row(feeder, "of a child", nhs_number=feeder.child["nhs_number"]),
        _row(feeder, "of nobody"),
        _row(feeder, "refused", date_of_birth=made.word("batch: no date")),
    ]
    name = f"{made.word('batch: file name')}.csv"
    page = browser.upload(form, "file", ("\n".join(rows) + "\n").encode(), file_name=name).location
    _step(feeder, browser, page, "let-in", "Let it in")
    once(lambda: browser.get(page), lambda answer: answer.shows("Taken in"))
    assert browser.get(f"{page}refused/").status == 200
    _decide(feeder, browser)
    _step(feeder, browser, page, "take-back", "Take it back")


def _row(feeder: Feeder, which: str, **cells: str) -> str:
    made = feeder.aviary
    row = {
        "key": made.word(f"row {which}: key"),
        "given": made.name(f"row {which}: given name"),
        "family": made.name(f"row {which}: family name"),
        "date_of_birth": made.day(f"row {which}: date of birth", TODAY - 15 * YEAR, TODAY - 5 * YEAR).isoformat(),
        "nhs_number": made.nhs_number(f"row {which}: NHS number"),
        "address_1": f"4 {made.name(f'row {which}: street')}",
        "town": made.name(f"row {which}: town"),
        "postcode": made.postcode(f"row {which}: postcode"),
    }
    return ",".join((row | cells)[column] for column in COLUMNS)


def _step(feeder: Feeder, browser: Browser, page: str, step: str, button: str) -> None:
    once(lambda: browser.get(page), lambda answer: answer.shows(button))
    form = browser.get(f"{page}{step}/").form("seen")
    browser.fill(form, seen=feeder.aviary.word(f"batch, {step}: state that there is not"))
    assert browser.fill(form, seen=form.values["seen"]).location == page


def _decide(feeder: Feeder, browser: Browser) -> None:
    made = feeder.aviary
    form = browser.get(_link(browser.get(MATCHES), r"/matches/[^/\"]+/")).form("verdict")
    browser.fill(form, verdict=made.word("match: verdict"), seen=made.word("match: seen"))
    assert browser.fill(form, verdict="different").location


def _link(answer: Answer, address: str) -> str:
    found = re.search(address, answer.text)
    assert found, answer.text[-3000:]
    return found[0]
