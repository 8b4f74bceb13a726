"""A record offered to another council, each box filled rightly and wrongly; and the list of children with no school."""

import re

import psycopg

from tests.sweeps.browser import Answer, Browser
from tests.sweeps.feeding import Feeder
from tests.sweeps.feeding_identities import NUMBER

LIST = "/handovers/"
ANOTHER_COUNCIL = """
    INSERT INTO access_organisation (name, kind, directory_code, telephone, town, postcode, accredited_until)
    VALUES ('Council beyond the hills', 'authority', 'beyond', '01614960000', 'Sale', 'M33 4AB', current_date + 99)
    RETURNING id
"""


def type_handovers(feeder: Feeder, opens: Browser, offers: Browser, colleague: Browser) -> None:
    """Of a child who is fed for it: offered to a council of which nobody uses the service, and withdrawn."""
    made = feeder.aviary
    with psycopg.connect(feeder.observed.database, autocommit=True) as connection:
        ((other,),) = connection.execute(ANOTHER_COUNCIL).fetchall()
    kept = feeder.child
    feeder.feed_child()
    number = NUMBER.findall(feeder.open_child(opens).text)[0]
    feeder.child = kept
    offers.fill(offers.get(LIST).form("number"), number=made.word("handovers: number, wrong"))
    page = _found(offers, number)
    offers.fill(page.form("to"), **{name: made.word(f"OfferForm.{name}, wrong") for name in ("to", "reason")})
    offered = offers.follow(offers.fill(page.form("to"), to=str(other), reason="moved_home"))
    assert offered.shows("The record is offered"), offered.text.partition("<main")[2]
    (withdrawing,) = set(re.findall(r'href="(/handovers/[^"]+/\d+/withdraw/)"', offered.text))
    assert _found(colleague, number).shows("Withdraw the offer")
    for step in ("accept", "decline"):
        assert offers.get(withdrawing.replace("withdraw", step)).status == 403
    form = offers.get(withdrawing).form("seen")
    offers.fill(form, seen=made.word("withdraw: seen, wrong"))
    assert offers.fill(form).location == LIST
    offers.get(f"/unplaced/?page={made.word('unplaced: page')}")
    assert offers.get("/unplaced/").status == 200


def _found(browser: Browser, number: str) -> Answer:
    """The page to which the number leads."""
    return browser.follow(browser.fill(browser.get(LIST).form("number"), number=number))
