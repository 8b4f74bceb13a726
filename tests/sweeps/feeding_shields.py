"""A shield from the request to its end, each box filled rightly and wrongly."""

import re

from tests.sweeps.browser import Browser
from tests.sweeps.feeding import Feeder

STEP = re.compile(r'href="(/shields/[^"]+/(?:request|shield)/\d+/([a-z-]+)/)"')


def type_shields(feeder: Feeder, asks: Browser, decides: Browser, approves: Browser) -> None:
    """Asked for by one, decided and sent back, approved, reviewed, and lifted after it was refused once."""
    made = feeder.aviary
    ask = f"{feeder.open_child(asks).path}protect/"
    names = ("urgent", "reason", "asker", "identity_check")
    form = asks.get(ask).form("asker")
    asks.fill(form, **{name: made.word(f"AskShieldForm.{name}, wrong") for name in names})
    told = {"urgent": "yes", "reason": "refuge", "asker": "carer", "identity_check": "not_checked_yet"}
    assert asks.follow(asks.fill(form, **told)).shows("The details are hidden now")
    decides.get(f"/shields/?show={made.word('shields: show')}")
    _step(feeder, decides, "decide-shield", why="protect")
    _step(feeder, approves, "return-shield")
    _step(feeder, decides, "decide-shield", why="protect")
    _step(feeder, approves, "approve-shield")
    for browser, step, why in (
        (decides, "review-shield", "still_at_risk"),
        (decides, "ask-lifting", "risk_is_over"),
        (approves, "refuse-lifting", ""),
        (decides, "ask-lifting", "risk_is_over"),
        (approves, "lift-shield", ""),
    ):
        _step(feeder, browser, step, **({"why": why} if why else {}))


def _step(feeder: Feeder, browser: Browser, step: str, **chosen: str) -> None:
    """Take it by its page, after it was sent wrongly."""
    listed = browser.get("/shields/?show=waiting").text + browser.get("/shields/?show=all").text
    child = re.findall(r'href="(/shields/[^"/?]+/)"', listed)[0]
    address = next(address for address, name in STEP.findall(browser.get(child).text) if name == step)
    form = browser.get(address).form("seen")
    wrong = {name: feeder.aviary.word(f"{step}: {name}, wrong") for name in ("seen", *chosen)}
    browser.fill(form, **wrong)
    assert browser.fill(form, **chosen).location, step
