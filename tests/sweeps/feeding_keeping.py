"""A consent to keep a record, and a record that is asked for of the archive: each box filled rightly and wrongly."""

import re
from datetime import timedelta

from registry.rules.numbers import make_own_number
from tests.sweeps.browser import Answer, Browser
from tests.sweeps.feeding import TODAY, YEAR, Feeder, boxes
from tests.sweeps.feeding_identities import NUMBER

KEEPING, ARCHIVE = "/keeping/", "/archive/"
OF_SEVENTEEN = (TODAY - 18 * YEAR, TODAY - 17 * YEAR - timedelta(days=10))


def type_keeping(feeder: Feeder, opens: Browser, decides: Browser) -> None:
    """Of a young person who is fed for it: recorded, and ended."""
    kept = feeder.child
    feeder.feed_child(born=OF_SEVENTEEN)
    number = NUMBER.findall(feeder.open_child(opens).text)[0]
    feeder.child = kept
    _wrong(feeder, decides, decides.get(KEEPING), "number")
    page = decides.follow(decides.fill(decides.get(KEEPING).form("number"), number=number))
    _wrong(feeder, decides, page, "ground", "given_on_day", "given_on_month", "given_on_year")
    page = decides.follow(decides.fill(page.form("ground"), ground="care_leaver", **boxes("given_on", TODAY)))
    assert page.shows("is recorded"), page.text.partition("<main")[2]
    (address,) = set(re.findall(r'href="(/keeping/[^"]+/end/)"', page.text))
    page = decides.get(address)
    _wrong(feeder, decides, page, "why")
    assert decides.follow(decides.fill(page.form("why"), why="keeping_withdrawn")).shows("That it is over is recorded")


def type_archive(feeder: Feeder, asks: Browser, agrees: Browser) -> None:
    """Of records that are not there: refused once, and agreed to."""
    _wrong(feeder, asks, asks.get(ARCHIVE), "number", "reason")
    for step in ("refuse", "give"):
        number = feeder.aviary.keep(f"AskArchiveForm.number, {step}", make_own_number())
        form = asks.get(ARCHIVE).form("reason")
        assert asks.fill(form, number=number, reason="archive_review").location == ARCHIVE
        (address,) = set(re.findall(rf'href="(/archive/\d+/{step}/)"', agrees.get(ARCHIVE).text))
        page = agrees.get(address)
        typed = {"number": number} if step == "give" else {}
        _wrong(feeder, agrees, page, "seen", *typed)
        assert agrees.fill(page.form("seen"), **typed).location == ARCHIVE


def _wrong(feeder: Feeder, browser: Browser, page: Answer, *names: str) -> None:
    browser.fill(page.form(names[0]), **{name: feeder.aviary.word(f"keeping: {name}, wrong") for name in names})
