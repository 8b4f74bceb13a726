"""A connection from the request to its end, each box filled rightly and wrongly."""

import re

from tests.sweeps.browser import Browser
from tests.sweeps.feeding import Feeder

STEP = re.compile(r'href="(/connections/[^"]+/\d+/([a-z-]+)/)"')


def type_connections(feeder: Feeder, asks: Browser, makes: Browser) -> None:
    """Asked for, a step noted, and closed."""
    made = feeder.aviary
    ask = f"{feeder.open_child(asks).path}connection/"
    form = asks.get(ask).form("soon")
    names = ("reason", "soon", "telephone")
    asks.fill(form, **{name: made.word(f"AskConnectionForm.{name}, wrong") for name in names})
    told = {
        "reason": "safety_worry",
        "soon": "within_days",
        "telephone": made.telephone("AskConnectionForm.telephone"),
    }
    assert asks.follow(asks.fill(form, **told)).shows("Waiting for the management team")
    _step(feeder, makes, "note-connection", step="left_message")
    _step(feeder, makes, "close-connection", outcome="will_ring")
    assert asks.get("/my-access/connections/").shows("You will be rung")


def _step(feeder: Feeder, browser: Browser, name: str, **chosen: str) -> None:
    """Take it by its page, after it was sent wrongly."""
    child = re.findall(r'href="(/connections/[^"/?]+/)"', browser.get("/connections/").text)[0]
    address = next(address for address, each in STEP.findall(browser.get(child).text) if each == name)
    form = browser.get(address).form("seen")
    browser.fill(form, **{box: feeder.aviary.word(f"{name}: {box}, wrong") for box in ("seen", *chosen)})
    assert browser.fill(form, **chosen).location, name
