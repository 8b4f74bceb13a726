"""A shield from the request to its end, each box filled rightly and wrongly."""

import re
from datetime import date

from tests.sweeps.browser import Browser
from tests.sweeps.feeding import Feeder, boxes

STEP = re.compile(r'href="(/shields/[^"]+/(?:request|shield)/\d+/([a-z-]+)/)"')


def type_shields(feeder: Feeder, asks: Browser, decides: Browser, approves: Browser) -> str:
    """Asked for by one, decided and sent back, approved, reviewed, and lifted after it was refused once.

    Returns where the record is.
    """
    made = feeder.aviary
    record = feeder.open_child(asks).path
    ask = f"{record}protect/"
    names = ("urgent", "reason", "asker", "identity_check")
    form = asks.get(ask).form("asker")
    asks.fill(form, **{name: made.word(f"AskShieldForm.{name}, wrong") for name in names})
    told = {"urgent": "yes", "reason": "refuge", "asker": "carer", "identity_check": "not_checked_yet"}
    assert asks.follow(asks.fill(form, **told)).shows("The details are hidden now")
    decides.get(f"/shields/?show={made.word('shields: show')}")
    _step(feeder, decides, "decide-shield", decision="protect")
    _step(feeder, approves, "return-shield")
    _step(feeder, decides, "decide-shield", decision="protect")
    _step(feeder, approves, "approve-shield")
    for browser, step, why in (
        (decides, "review-shield", "still_at_risk"),
        (decides, "ask-lifting", "risk_is_over"),
        (approves, "refuse-lifting", ""),
        (decides, "ask-lifting", "risk_is_over"),
        (approves, "lift-shield", ""),
    ):
        _step(feeder, browser, step, **({"why": why} if why else {}))
    return record


def _step(feeder: Feeder, browser: Browser, step: str, **chosen: str) -> None:
    """Take it by its page, after it was sent wrongly."""
    listed = browser.get("/shields/?show=waiting").text + browser.get("/shields/?show=all").text
    child = re.findall(r'href="(/shields/[^"/?]+/)"', listed)[0]
    address = next(address for address, name in STEP.findall(browser.get(child).text) if name == step)
    form = browser.get(address).form("seen")
    wrong = {name: feeder.aviary.word(f"{step}: {name}, wrong") for name in ("seen", *chosen)}
    browser.fill(form, **wrong)
    assert browser.fill(form, **chosen).location, step


def type_leave(feeder: Feeder, record: str, worker: Browser, asks: Browser, gives: Browser) -> None:
    """A child protected at once whom somebody may still see by name, and opens in an emergency."""
    made = feeder.aviary
    form = worker.get(f"{record}protect/").form("asker")
    told = {"urgent": "yes", "reason": "refuge", "asker": "carer", "identity_check": "not_checked_yet"}
    worker.fill(form, **told)
    child = re.findall(r'href="(/shields/[^"/?]+/)"', asks.get("/shields/").text)[0]
    theirs = re.findall(r'href="(/shields/[^"/?]+/)"', gives.get("/shields/").text)[0]
    email = feeder.user("Priya Nair")["email"]
    until = boxes("until", date.today())  # noqa: DTZ011 - as somebody types it
    wrong = {name: made.word(f"AskLeaveForm.{name}, wrong") for name in ("email", *until)}
    form = asks.get(f"{child}leave/new/").form("email")
    for each in (wrong, until | {"email": made.email("AskLeaveForm.email, of nobody")}, until | {"email": email}):
        answer = asks.fill(form, **each)
    assert answer.location
    address = re.findall(r'href="(/shields/[^"]+/leave/\d+/give/)"', gives.get(theirs).text)[0]
    form = gives.get(address).form("email")
    gives.fill(form, email=made.word("GiveLeaveForm.email, wrong"), seen=made.word("give-leave: seen, wrong"))
    gives.fill(form, email=made.email("GiveLeaveForm.email, of nobody"))
    assert gives.fill(form, email=email).location
    address = re.findall(r'href="(/shields/[^"]+/leave/\d+/take/)"', gives.get(theirs).text)[0]
    form = gives.get(address).form("seen")
    gives.fill(form, seen=made.word("take-leave: seen, wrong"))
    assert gives.fill(form).location
    form = worker.get(f"{record}emergency/").form("reason")
    worker.fill(form, reason=made.word("OverrideForm.reason, wrong"))
    assert worker.fill(form, reason="danger_to_life").location.startswith("/security/confirm/")
    _step(feeder, asks, "decide-shield", decision="no_risk_found")
    _step(feeder, gives, "approve-shield")
