"""What comes in files and from software: lists of people, yearly confirmations, systems, and what they send."""

import json
import re
from http import HTTPStatus

from contactpoint_client import Software

from tests import factories
from tests.sweeps.browser import Answer, Browser
from tests.sweeps.feeding import Feeder

INVITE, LEAVERS, EMPLOYERS = "/people/invite/list/", "/people/leavers/", "/people/confirm/"
SCHOOL_CODE = "childrens-social-care"
OPERATION = {"op": "replace", "path": "active", "value": False}


def type_lists(feeder: Feeder, browser: Browser) -> None:
    """Invite from a list, say from a list who has left, and answer for everybody, each wrongly first."""
    made = feeder.aviary
    _upload(feeder, browser, INVITE, f"name,{made.word('list: a heading')}\n{made.name('list: no such column')},x")
    wrong = [made.word(f"list of invitations: wrong {column}") for column in ("name", "e-mail", "role", "organisation")]
    _upload(feeder, browser, INVITE, f"name,email,role,organisation\n1{','.join(wrong)}")
    email = made.email("list of invitations: e-mail")
    name = made.name("list of invitations: name")
    _upload(feeder, browser, INVITE, f"name,email,role,organisation\n{name},{email},Practitioner,{SCHOOL_CODE}")
    _confirm(feeder, browser, f"{INVITE}check/", "invitations")
    _upload(
        feeder, browser, LEAVERS, f"email\n{made.email('list of leavers: unknown')}\n{made.word('list: no e-mail')}"
    )
    _upload(feeder, browser, LEAVERS, f"email\n{email}")
    _confirm(feeder, browser, f"{LEAVERS}check/", "leavers")
    _answer_for_everybody(feeder, browser)


def use_token(feeder: Feeder, browser: Browser, second: Browser) -> None:
    """Have software accredited, call whatever takes a token of it, show one where none must stand, and revoke it."""
    made, key = feeder.aviary, factories.system_key()
    form = browser.get("/systems/ask/").form("addresses")
    told = {"name": made.name("software: name"), "purpose": "leavers", "days": "90"}
    answer = browser.fill(form, **told, addresses="", keys=json.dumps(key.as_dict(private=False)))
    page = answer.location
    assert page, answer.text[-3000:]
    second.fill(second.get(f"{page}accredit/").main_form())
    shown = re.search(r'id="client-id">([A-Za-z0-9_-]{22})<', browser.get(page).text)
    assert shown
    software = Software(shown[1], key, "ES256", feeder.observed.service.sign_in_address)
    secret = made.keep("token: the token itself", software.fetch().token)
    _call(feeder, {"Authorization": f"Bearer {secret}"})
    feeder.browser().get(f"/scim/v2/Users?access_token={secret}")
    _deliver(feeder, {"Authorization": f"Bearer {secret}"})
    browser.fill(browser.get(f"{page}revoke/").main_form())
    feeder.browser().get("/scim/v2/Users", Authorization=f"Bearer {secret}")


def ask_for_system(feeder: Feeder, browser: Browser) -> None:
    """Ask for a system, wrongly first, and withdraw what was asked."""
    made = feeder.aviary
    form = browser.get("/systems/ask/").form("addresses")
    boxes = ("addresses", "days", "feed", "keys", "organisation", "telling_address")
    wrong = {box: made.word(f"system: {box}") for box in boxes}
    wrong["purpose"] = made.word("system: purpose")
    browser.fill(form, **wrong, name=made.name("system: a name, and all else wrong"))
    key = {**factories.system_key().as_dict(private=False), made.word("system: in a key"): made.word("system: in it")}
    right = {"addresses": "https://files.example.org/back", "days": "90", "keys": json.dumps(key), "purpose": "people"}
    answer = browser.fill(form, **right, name=made.name("system: name"), organisation=form.values["organisation"])
    assert answer.location, answer.text[-3000:]
    browser.get(answer.location)
    browser.fill(browser.get(f"{answer.location}revoke/").main_form())


def _call(feeder: Feeder, token: dict[str, str]) -> None:
    made, software = feeder.aviary, feeder.browser()
    (first, *_) = json.loads(software.get("/scim/v2/Users?count=1", **token).body)["Resources"]
    word = made.word("SCIM: filter in the address")
    software.get(f"/scim/v2/Users?filter=userName+eq+%22{word}@example.org%22", **token)
    asked = json.dumps({"filter": f'userName eq "{made.email("SCIM: filter in the body")}"'})
    software.send("POST", "/scim/v2/Users/.search", asked.encode(), headers=token)
    wrong = json.dumps({"userName": made.email("SCIM: new userName"), "password": made.password("SCIM: password")})
    for method in ("PUT", "PATCH"):
        software.send(method, f"/scim/v2/Users/{first['id']}", wrong.encode(), headers=token)
    software.send("POST", "/scim/v2/Users", wrong.encode(), headers=token)
    for path in ("ServiceProviderConfig", "ResourceTypes", "ResourceTypes/User", "Schemas", "Schemas/x", "nowhere"):
        software.get(f"/scim/v2/{path}", **token)
    listed = f"email\n{made.email('leavers by token: unknown')}\n{made.word('leavers by token: no e-mail')}"
    software.send("POST", "/feeds/leavers/", listed.encode(), kind="text/csv", headers=token)


def _deliver(feeder: Feeder, token: dict[str, str]) -> None:
    """As whoever delivers none. What does is tried by who sends it on the page, which is sealed in the same way."""
    listed = f"key,family\n1,{feeder.aviary.name('delivery: family name')}"
    answer = feeder.browser().send("POST", "/api/v1/batches", listed.encode(), kind="text/csv", headers=token)
    assert answer.status == HTTPStatus.FORBIDDEN
    feeder.browser().get("/api/v1/batches/1", **token)


def _upload(feeder: Feeder, browser: Browser, page: str, contents: str) -> Answer:
    name = f"{feeder.aviary.word('list: file name')}.csv"
    return browser.upload(browser.get(page).form("list"), "list", contents.encode(), file_name=name)


def _confirm(feeder: Feeder, browser: Browser, page: str, what: str) -> None:
    form = browser.get(page).form("key")
    browser.fill(form, key=feeder.aviary.word(f"{what}: key of no list"))
    assert browser.fill(form, key=form.values["key"]).location == "/people/"


def _answer_for_everybody(feeder: Feeder, browser: Browser) -> None:
    """Tick something nobody offers for all of them, then that the first has left."""
    link = re.search(rf"{EMPLOYERS}\d+/1/", browser.get(EMPLOYERS).text)
    assert link
    form = browser.get(link[0]).main_form()
    boxes = [name for name in form.values if name != "csrfmiddlewaretoken"]
    browser.fill(form, **{name: feeder.aviary.word(f"confirmation: {name}") for name in boxes})
    person = next(name for name in boxes if name.startswith("person-"))
    check = browser.follow(browser.fill(form, **{person: "leaves"}))
    browser.fill(check.form("key"), key=feeder.aviary.word("confirmation: key of nothing"))
