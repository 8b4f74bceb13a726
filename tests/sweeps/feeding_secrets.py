"""The pages on which people keep their own passwords, codes and passkeys, and the auditor's pages."""

import json
import re
import time
from datetime import date

import psycopg

from tests.log import forged_event
from tests.sweeps.browser import Browser
from tests.sweeps.feeding import FIRST_DAY, TODAY, YEAR, Feeder, boxes
from tests.sweeps.passkeys import registration

SEAL_SECONDS = 30


def type_secrets(feeder: Feeder, browser: Browser, user: dict[str, str]) -> None:
    """Everything under Security, as `user`."""
    _password(feeder, browser, user)
    _confirm_again(feeder, browser, user)
    _passkeys(feeder, browser)
    _recovery_codes(browser)


def type_log_filter(feeder: Feeder, browser: Browser) -> None:
    """The auditor's filter, rightly and wrongly, and one event."""
    made = feeder.aviary
    first, last = (made.day(f"LogFilterForm.{name}", FIRST_DAY, TODAY - YEAR) for name in ("since", "until"))
    since, until = sorted((first, last))
    form = browser.get("/log/").form("person")
    unknown = made.email("LogFilterForm.person, unknown")
    browser.follow(
        browser.fill(form, person=unknown, record=made.nhs_number("LogFilterForm.record"), **_days(since, until))
    )
    browser.follow(browser.fill(form, person=feeder.user("Tom Hadley")["email"], record="(1)", kind="child.searched"))
    browser.follow(browser.fill(form, readings="on", alerts="on", apart="on"))
    filtered = browser.fill(form, kind="child.opened", reason="s47", organisation="Council").location
    views = browser.get(f"{filtered}save/").form("period")
    browser.fill(views, period=made.word("SaveViewForm.period, wrong"))
    browser.follow(browser.fill(views, period="7"))
    view = re.findall(r'href="(/log/views/\d+/)"', browser.get("/log/").text)[0]
    browser.follow(browser.get(view))
    browser.get(f"{filtered}seen/")
    wrong = {
        f"{name}_{part}": made.word(f"LogFilterForm.{name}, wrong {part}")
        for name in ("since", "until")
        for part in ("day", "month", "year")
    }
    browser.fill(
        form,
        person=made.word("LogFilterForm.person, wrong"),
        record=made.word("LogFilterForm.record, wrong"),
        kind=made.word("LogFilterForm.kind, wrong"),
        reason=made.word("LogFilterForm.reason, wrong"),
        organisation=made.word("LogFilterForm.organisation, wrong"),
        **wrong,
    )
    browser.get(f"/log/?before={made.word('log: before')}")
    browser.get(f"/log/alerts/?show={made.word('alerts: show')}")
    for page in ("charts", "report"):
        month = browser.get(f"/log/{page}/").form("month")
        browser.fill(month, month=made.word(f"MonthForm.month of {page}, wrong"))
    newest = _newest_event(browser)
    for page in ("", "day/", "trail/", "record/", "visit/"):
        browser.get(f"{newest}{page}")
    (pack,) = (form for form in browser.get(f"{newest}visit/").forms() if form.action.endswith("/log/pack/"))
    browser.fill(pack, event=made.word("pack: event, wrong"), here=made.word("pack: here, wrong"))
    browser.follow(browser.fill(pack))
    (removal,) = (form for form in browser.get("/log/views/").forms() if form.action.endswith("/remove/"))
    browser.follow(browser.fill(removal))


def type_alerts(feeder: Feeder, browser: Browser, colleague: Browser) -> None:
    """An event that an insider forged raises an alert, which the auditor takes and a colleague closes, rightly and
    wrongly."""
    with psycopg.connect(feeder.observed.database) as insider:
        insider.execute("SELECT audit_record_process(%s)", [forged_event()])
    deadline = time.monotonic() + SEAL_SECONDS
    while not (alerts := re.findall(r'href="(/log/alerts/\d+/)"', browser.get("/log/alerts/?show=new").text)):
        assert time.monotonic() < deadline, "the sequencer noticed nothing"
        time.sleep(1)
    wrong = feeder.aviary.word("TakeAlertForm.seen, wrong")
    browser.follow(browser.fill(browser.get(alerts[0]).form("seen"), seen=wrong))
    browser.follow(browser.fill(browser.get(alerts[0]).form("seen"), seen=""))
    form = colleague.get(alerts[0]).form("result")
    colleague.fill(form, result=feeder.aviary.word("CloseAlertForm.result, wrong"))
    colleague.fill(form, result="explained", times=feeder.aviary.word("CloseAlertForm.times, wrong"))
    colleague.follow(colleague.fill(form, result="explained"))


def ask_for_proofs(feeder: Feeder, browser: Browser) -> None:
    """The proof of an event as soon as it is sealed, and that between checkpoints, rightly and wrongly."""
    made, event = feeder.aviary, _newest_event(browser)
    deadline = time.monotonic() + SEAL_SECONDS
    while (proof := browser.get(f"{event}proof/")).status != 200:
        assert time.monotonic() < deadline, "the sequencer sealed nothing"
        time.sleep(1)
    page = browser.get("/log/checkpoints/")
    sizes = [int(size) for size in re.findall(r'Events</span>\s*<div class="stacked__value">(\d+)<', page.text)]
    assert sizes, page.text[-3000:]
    form = page.form("older")
    between = browser.fill(form, older=str(min(sizes)), newer=str(max(sizes)))
    for answer in (proof, between):
        assert answer.headers["Content-Disposition"].startswith("attachment"), answer.text[-3000:]
    browser.fill(form, older=made.word("ConsistencyForm.older, wrong"), newer=made.word("ConsistencyForm.newer, wrong"))
    browser.fill(form, older="2", newer="1")


def _newest_event(browser: Browser) -> str:
    events = re.findall(r'href="(/log/\d+/)"', browser.get("/log/").text)
    assert events, "the auditor sees no event"
    return str(events[0])


def _days(since: date, until: date) -> dict[str, str]:
    return boxes("since", since) | boxes("until", until)


def _password(feeder: Feeder, browser: Browser, user: dict[str, str]) -> None:
    made, path = feeder.aviary, "/account/password/change/"
    form = browser.follow(browser.get(path)).form("oldpassword")
    wrong = {
        name: made.password(f"password change: {name}, wrong") for name in ("oldpassword", "password1", "password2")
    }
    browser.fill(form, **wrong, next=f"/{made.word('password change: next')}")
    new = made.password("password change: new password")
    answer = browser.fill(form, oldpassword=user["password"], password1=new, password2=new)
    assert answer.status == 302, f"the password was not changed: {answer.text[-3000:]}"
    user["password"] = new


def _confirm_again(feeder: Feeder, browser: Browser, user: dict[str, str]) -> None:
    made = feeder.aviary
    form = browser.get("/account/reauthenticate/").form("password")
    browser.fill(form, password=made.password("re-authentication: wrong password"), next="/")
    browser.fill(form, password=user["password"], next=f"/{made.word('re-authentication: next')}")
    form = browser.get("/security/reauthenticate/").form("code")
    browser.fill(form, code=made.word("re-authentication: wrong code"), next="/")


def _passkeys(feeder: Feeder, browser: Browser) -> None:
    """Add, rename and remove a passkey, with the names that a person may give it.

    The authenticator app goes and comes back meanwhile: it may be removed while there is a passkey.
    """
    made, add = feeder.aviary, "/security/webauthn/add/"
    page = browser.get(add)
    form = page.form("credential")
    browser.fill(
        form, name=made.word("passkey: name, refused"), credential=made.word("passkey: no JSON"), passwordless="on"
    )
    page = browser.get(add)
    credential = json.dumps(registration(page.text, feeder.observed.service.sign_in_address))
    browser.fill(page.form("credential"), name=made.name("passkey: name"), credential=credential)
    page = browser.get(add)
    credential = json.dumps(registration(page.text, feeder.observed.service.sign_in_address))
    answer = browser.fill(page.form("credential"), name="My telephone", credential=credential)
    assert answer.status == 302, f"the passkey was not added: {answer.text[-3000:]}"
    listed = browser.get("/security/webauthn/")
    found = re.search(r"/security/webauthn/keys/(\d+)/", listed.text)
    assert found, listed.text[-3000:]
    browser.fill(browser.get(f"{found[0]}edit/").form("name"), name=made.name("passkey: new name"))
    form = browser.get("/security/webauthn/reauthenticate/").form("credential")
    browser.fill(form, credential=json.dumps({"id": made.word("re-authentication: credential")}), next="/")
    _authenticator_app(feeder, browser)
    browser.fill(browser.get(f"{found[0]}remove/").main_form())


def _recovery_codes(browser: Browser) -> None:
    browser.fill(browser.get("/security/recovery-codes/generate/").main_form())
    for page in ("", "download/"):
        browser.get(f"/security/recovery-codes/{page}")


def _authenticator_app(feeder: Feeder, browser: Browser) -> None:
    """Remove the app and set up another: its secret is a canary as well."""
    made = feeder.aviary
    browser.fill(browser.get("/security/totp/deactivate/").main_form())
    page = browser.get("/security/totp/activate/")
    found = re.search(r'secret-text">([A-Z2-7]+)<', page.text)
    assert found, page.text[-3000:]
    secret = made.keep("authenticator app: secret", found[1])
    browser.fill(page.form("code"), code=made.word("authenticator app: wrong code"))
    answer = browser.fill(page.form("code"), code=feeder.observed.service.code({"totp_secret": secret}))
    assert answer.status == 302, f"the app was not set up: {answer.text[-3000:]}"
