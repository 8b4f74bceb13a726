"""A new identity from the number to the link between the two records, each box filled rightly and wrongly."""

import re

from tests.sweeps.browser import Answer, Browser
from tests.sweeps.feeding import TODAY, YEAR, Feeder, boxes, once

NUMBER = re.compile(r"\b\d{5} \d{5} \d\b")
LIST = "/identities/"


def type_identities(feeder: Feeder, opens: Browser, asks: Browser, approves: Browser) -> None:
    """Of a child who is fed for it: refused once, approved, closed by the worker, and asked about by two people."""
    kept = feeder.child
    feeder.feed_child()
    number = NUMBER.findall(feeder.open_child(opens).text)[0]
    feeder.child = kept
    _wrong(feeder, asks, asks.get(LIST), "number")
    _ask(feeder, asks, number)
    _step(feeder, approves, number, "refuse", "why", why="not_this_child")
    _ask(feeder, asks, number)
    _step(feeder, approves, number, "approve", "seen")
    closed = once(lambda: _found(asks, number), lambda answer: answer.shows("This record is closed"))
    _wrong(feeder, asks, closed, "reason")
    assert asks.fill(closed.form("reason"), reason="link_for_harm").location == LIST
    _take_link(feeder, approves, "refuse")
    asks.fill(_found(asks, number).form("reason"), reason="link_by_order")
    _take_link(feeder, approves, "give", number=number)
    listed = asks.get(LIST)
    reads = next(form for form in listed.forms() if re.search(r"/which/\d+/$", form.action))
    told = once(lambda: asks.follow(asks.fill(reads)), lambda answer: answer.shows("Its number is"))
    assert NUMBER.findall(told.text)


def _ask(feeder: Feeder, browser: Browser, number: str) -> None:
    made = feeder.aviary
    page = _found(browser, number)
    names = ("reason", "given", "family", "gender", "authority", "lines", "town", "postcode")
    wrong = {name: made.word(f"AskIdentityForm.{name}, wrong") for name in names}
    browser.fill(page.form("given"), **wrong)
    born = made.day("AskIdentityForm.date_of_birth", TODAY - 15 * YEAR, TODAY - 5 * YEAR)
    told = {
        "reason": "adopted",
        "given": made.name("AskIdentityForm.given"),
        "family": made.name("AskIdentityForm.family"),
        "gender": "male",
        "authority": re.findall(r'<option value="(\d+)" selected', page.text)[0],
        "lines": f"7 {made.name('AskIdentityForm.lines')}",
        "town": made.name("AskIdentityForm.town"),
        "postcode": made.postcode("AskIdentityForm.postcode"),
        **boxes("date_of_birth", born),
    }
    sent = browser.follow(browser.fill(page.form("given"), **told))
    assert sent.shows("You have asked for a new identity"), sent.text.partition("<main")[2]


def _step(feeder: Feeder, browser: Browser, number: str, step: str, box: str, **chosen: str) -> None:
    page = _found(browser, number)
    (address,) = set(re.findall(rf'href="(/identities/[^"]+/\d+/{step}/)"', page.text))
    form = browser.get(address).form(box)
    browser.fill(form, **{name: feeder.aviary.word(f"{step}: {name}, wrong") for name in ("seen", *chosen)})
    assert browser.fill(form, **chosen).location, step


def _take_link(feeder: Feeder, browser: Browser, step: str, **typed: str) -> None:
    (address,) = set(re.findall(rf'href="(/identities/which/\d+/{step}/)"', browser.get(LIST).text))
    form = browser.get(address).form("seen")
    browser.fill(form, **{name: feeder.aviary.word(f"{step} link: {name}, wrong") for name in ("seen", *typed)})
    assert browser.fill(form, **typed).location == LIST


def _found(browser: Browser, number: str) -> Answer:
    """The page to which the number leads."""
    return browser.follow(browser.fill(browser.get(LIST).form("number"), number=number))


def _wrong(feeder: Feeder, browser: Browser, page: Answer, box: str) -> None:
    browser.fill(page.form(box), **{box: feeder.aviary.word(f"identities: {box}, wrong")})
