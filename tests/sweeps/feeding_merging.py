"""Two records put under one from their numbers on, each box filled rightly and wrongly, and parted again."""

import re

from tests.sweeps.browser import Answer, Browser
from tests.sweeps.feeding import Feeder, once

NUMBER = re.compile(r"\b\d{5} \d{5} \d\b")
LIST = "/merging/"


def type_merging(feeder: Feeder, opens: Browser, asks: Browser, approves: Browser) -> None:
    """Of two children who are fed for it: refused once, put together by the worker, and parted."""
    kept, numbers = feeder.child, []
    for _ in range(2):
        feeder.feed_child()
        numbers.append(NUMBER.findall(feeder.open_child(opens).text)[0])
    feeder.child = kept
    wrong = {name: feeder.aviary.word(f"FindTwoForm.{name}, wrong") for name in ("stays", "under")}
    asks.fill(asks.get(LIST).form("stays"), **wrong)
    _ask(feeder, asks, numbers, "worker_knows")
    _step(feeder, approves, numbers, "refuse", "why", why="not_shown")
    _ask(feeder, asks, numbers, "worker_knows")
    _step(feeder, approves, numbers, "approve", "seen")
    once(lambda: _found(asks, numbers), lambda answer: answer.shows("Two records that lie together"))
    _ask(feeder, asks, numbers, "two_children")
    _step(feeder, approves, numbers, "approve", "seen")
    once(lambda: _found(asks, numbers), lambda answer: answer.shows("Two records side by side"))


def _ask(feeder: Feeder, browser: Browser, numbers: list[str], reason: str) -> None:
    form = _found(browser, numbers).form("reason")
    browser.fill(form, reason=feeder.aviary.word(f"merging: {reason}, wrong"))
    assert browser.follow(browser.fill(form, reason=reason)).shows("You have asked that")


def _step(feeder: Feeder, browser: Browser, numbers: list[str], step: str, box: str, **chosen: str) -> None:
    page = _found(browser, numbers)
    (address,) = set(re.findall(rf'href="(/merging/[^"]+/\d+/{step}/)"', page.text))
    form = browser.get(address).form(box)
    browser.fill(form, **{name: feeder.aviary.word(f"{step} merging: {name}, wrong") for name in ("seen", *chosen)})
    assert browser.fill(form, **chosen).location, step


def _found(browser: Browser, numbers: list[str]) -> Answer:
    """The page to which both numbers lead."""
    stays, under = numbers
    return browser.follow(browser.fill(browser.get(LIST).form("stays"), stays=stays, under=under))
