"""The pages of organisations, of emergency stops and of one's own access."""

import re
from datetime import date

from tests.sweeps.browser import Browser
from tests.sweeps.feeding import TODAY, Feeder, boxes


def type_organisations(feeder: Feeder, browser: Browser) -> None:
    """Filter, accredit, add a site, delegate and take back, each wrongly first, as an administrator."""
    made = feeder.aviary
    form = browser.get("/organisations/").form("kind")
    browser.fill(form, name=made.word("OrganisationFilterForm.name"), kind=made.word("OrganisationFilterForm.kind"))
    listed = browser.follow(browser.fill(form, name="", kind="school"))
    links = re.findall(r'href="(/organisations/[\w-]+/)"', listed.text)
    browser.follow(browser.fill(form, name=made.word("OrganisationFilterForm.name, right"), kind=""))
    browser.fill(browser.get("/organisations/").form("all"), all=made.word("organisations: all"))
    page = next(link for link in links if "Take back" in browser.get(link).text)
    _accredit(feeder, browser, f"{page}accredit/")
    _site(feeder, browser, f"{page}site/")
    _delegate(feeder, browser, f"{page}delegate/")
    form = browser.get(page).form("person")
    browser.fill(form, person=made.word("take back: wrong reference"))
    browser.fill(form, person=form.values["person"])


def type_stops(feeder: Feeder, browser: Browser) -> None:
    """Why, wrongly: nothing is stopped."""
    form = browser.get("/stops/service/stop/").form("reason")
    browser.fill(form, reason=feeder.aviary.word("StopForm.reason, wrong"))
    browser.get("/stops/")


def type_agreement(feeder: Feeder, browser: Browser) -> None:
    """A version that never was."""
    browser.get("/my-access/")
    browser.get("/my-access/agreement/")
    form = browser.get("/stops/service/stop/").form("reason")
    form.action = "/my-access/agreement/"
    answer = browser.fill(form, version=feeder.aviary.word("agreement: version that never was"))
    assert answer.status == 409


def _accredit(feeder: Feeder, browser: Browser, path: str) -> None:
    made = feeder.aviary
    form = browser.get(path).form("reference")
    browser.fill(
        form,
        evidence=made.word("AccreditationForm.evidence, wrong"),
        reference=made.word("AccreditationForm.reference, wrong") + "!",
        **_wrong_days(feeder, "AccreditationForm", "granted_on"),
        **_wrong_days(feeder, "AccreditationForm", "expires_on"),
    )
    right = {**boxes("granted_on", TODAY), **boxes("expires_on", date(TODAY.year + 1, 1, 31))}
    done = browser.fill(form, evidence="dspt", reference="DSPT-1", **right)
    assert done.status == 302, done.text[-3000:]


def _site(feeder: Feeder, browser: Browser, path: str) -> None:
    made = feeder.aviary
    form = browser.get(path).form("postcode")
    browser.fill(
        form,
        name=made.word("SiteForm.name, wrong") * 30,
        postcode=made.word("SiteForm.postcode, wrong"),
        telephone=made.word("SiteForm.telephone, wrong"),
    )
    browser.fill(form, name="Annexe", postcode="M33 4AB", telephone="0161 496 0001")


def _delegate(feeder: Feeder, browser: Browser, path: str) -> None:
    form = browser.get(path).form("expires_on_day")
    wrong = _wrong_days(feeder, "DelegateForm", "expires_on")
    answer = browser.fill(form, person=feeder.aviary.word("DelegateForm.person, wrong"), **wrong)
    person = answer.text.partition('name="person"')[2].partition('value="')[2].partition('"')[0]
    done = browser.fill(form, person=person, **boxes("expires_on", TODAY))
    assert done.status == 302, done.text[-3000:]


def _wrong_days(feeder: Feeder, form: str, name: str) -> dict[str, str]:
    return {f"{name}_{part}": feeder.aviary.word(f"{form}.{name}, wrong {part}") for part in ("day", "month", "year")}
