"""The pages of people: the list, an invitation, one person with every step and all evidence."""

import re
from datetime import timedelta

from access.people.forms import EVIDENCE_FORMS
from access.people.views.person import PAGES
from tests.sweeps.browser import Answer, Browser
from tests.sweeps.feeding import TODAY, Feeder, boxes

CHECKED_ON = TODAY - timedelta(days=3)


def type_people(feeder: Feeder, first: Browser, second: Browser) -> None:
    """As two administrators of one authority: what the one asks, the other decides. Each form wrongly first."""
    _list(feeder, first)
    person = _invite(feeder, first)
    _evidence(feeder, first, person)
    for step in PAGES:
        _press(feeder, first, f"{person}{step}/")
    _again(first, person)
    colleague = _found(first, "Tom Hadley")
    _role(feeder, first, second, colleague)
    _new_sign_in(feeder, first, second, colleague)


def _list(feeder: Feeder, browser: Browser) -> None:
    made = feeder.aviary
    wrong = {name: made.word(f"PeopleFilterForm.{name}, wrong") for name in ("role", "state", "runs_out_within")}
    browser.fill(browser.get("/people/").form("text"), text=made.name("PeopleFilterForm.text"), **wrong)
    text, organisation = made.name("PeopleFilterForm.text, right"), made.word("PeopleFilterForm.organisation")
    browser.follow(browser.fill(browser.get("/people/").form("text"), text=text, organisation=organisation))
    form = browser.get("/people/").form("text")
    form.values.pop("everybody", None)  # a button that is not pressed
    several = browser.follow(browser.fill(form, text="", organisation="school"))
    _choose_wrongly(feeder, browser, several, "PeopleFilterForm")
    by_address = {"text": made.email("PeopleFilterForm.text: an address"), "role": "auditor", "state": "left"}
    browser.follow(browser.fill(browser.get("/people/").form("text"), **by_address, runs_out_within="30"))
    everybody = {"everybody": made.word("people: everybody")}
    browser.follow(browser.fill(browser.get("/people/").form("text"), **everybody))
    for address in ("/people/expiring/", "/people/approvals/", f"/people/?after={made.word('people: after')}"):
        browser.get(address)


def _invite(feeder: Feeder, browser: Browser) -> str:
    """The page of whoever is invited at last."""
    made = feeder.aviary
    form = browser.get("/people/invite/").form("email")
    wrong = {name: made.word(f"InviteForm.{name}, wrong") for name in ("role", "organisation")}
    wrong |= {"name": f"={made.name('InviteForm.name, wrong')}", "email": made.word("InviteForm.email, wrong")}
    browser.fill(form, **wrong)
    right = {"name": made.name("InviteForm.name"), "email": made.email("InviteForm.email"), "role": "practitioner"}
    _choose_wrongly(feeder, browser, browser.fill(form, **right, organisation="school"), "InviteForm")
    done = browser.fill(form, **right, organisation="Abbotsford Preparatory School")
    assert done.status == 302, done.text[-3000:]
    return done.location


def _choose_wrongly(feeder: Feeder, browser: Browser, listed: Answer, form: str) -> None:
    """On a page that lists organisations to choose from, choose one that is not there, and say that it was."""
    boxes = ("organisation_pick", "organisation_among")
    wrong = {box: feeder.aviary.word(f"{form}.{box}, wrong") for box in boxes}
    browser.fill(listed.form("organisation_pick"), **wrong)


def _evidence(feeder: Feeder, browser: Browser, person: str) -> None:
    made = feeder.aviary
    for kind, form_class in EVIDENCE_FORMS.items():
        path = f"{person}evidence/{kind}/"
        form = browser.get(path).form("day_day")
        choices = {name for name in ("document", "on_update_service", "number") if name in form_class.base_fields}
        wrong = {name: made.word(f"{form_class.__name__}.{name}, wrong") for name in choices}
        days = {f"day_{part}": made.word(f"evidence of {kind}: {part}") for part in ("day", "month", "year")}
        browser.fill(form, **wrong, **days)
        number = "".join(re.findall(r"\d", made.telephone(f"certificate of {kind}") * 2))[:12]
        right = {"document": "passport", "on_update_service": "yes", "number": number}
        done = browser.fill(form, **{name: right[name] for name in choices}, **boxes("day", CHECKED_ON))
        assert done.status == 302, done.text[-3000:]


def _press(feeder: Feeder, browser: Browser, path: str) -> None:
    form = browser.get(path).form("seen")
    reason = {"reason": feeder.aviary.word(f"{path.split('/')[-2]}: reason, wrong")} if "reason" in form.values else {}
    browser.fill(form, seen=feeder.aviary.word(f"{path.split('/')[-2]}: seen, wrong"), **reason)


def _again(browser: Browser, person: str) -> None:
    form = next(form for form in browser.get(person).forms() if form.action.endswith("/invite-again/"))
    assert browser.fill(form).status == 302


def _role(feeder: Feeder, first: Browser, second: Browser, person: str) -> None:
    form = first.get(f"{person}role/").form("role")
    first.fill(form, role=feeder.aviary.word("RoleForm.role, wrong"))
    assert first.fill(form, role="mediator").status == 302
    answer = second.get(f"{_found(second, 'Tom Hadley')}role/decide/").form("answer")
    second.fill(answer, answer=feeder.aviary.word("AnswerForm.answer, wrong"))
    assert second.fill(answer, answer="no").status == 302


def _new_sign_in(feeder: Feeder, first: Browser, second: Browser, person: str) -> None:
    form = first.get(f"{person}sign-in/").form("identity_check")
    first.fill(form, identity_check=feeder.aviary.word("NewSignInForm.identity_check, wrong"))
    assert first.fill(form, identity_check="rung_back").status == 302
    answer = second.get(f"{_found(second, 'Tom Hadley')}sign-in/decide/").form("answer")
    second.fill(answer, answer=feeder.aviary.word("AnswerForm.answer of a new sign-in, wrong"))
    assert second.fill(answer, answer="no").status == 302


def _found(browser: Browser, name: str) -> str:
    """The page of a user of the demonstration."""
    listed = browser.follow(browser.fill(browser.get("/people/").form("text"), text=name))
    link = re.search(rf'href="(/people/[\w-]+/)">\s*{name}', listed.text)
    assert link, listed.text[-3000:]
    return link[1]


def type_home(feeder: Feeder, browser: Browser) -> None:
    """Where somebody lives themselves, wrongly and then rightly."""
    made = feeder.aviary
    form = browser.get("/my-access/home/").form("house")
    wrong = {name: f"{made.word(f'OwnHomeForm.{name}, wrong')}\0" for name in ("house", "street", "postcode")}
    assert browser.fill(form, **wrong).status == 200
    right = {name: made.name(f"OwnHomeForm.{name}") for name in ("house", "street")}
    done = browser.fill(form, **right, postcode=made.postcode("OwnHomeForm.postcode"))
    assert done.status == 302, done.text[-3000:]
