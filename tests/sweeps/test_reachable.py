"""Every page that a role may read is reached by links, from the start page on: none has to be known by its address.

The walk reads pages as they are rendered and follows their links. Where a button leads on (a search, a call, a list
that is sent), it is pressed on a page that links had led to. EXCEPTIONS have their reasons.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from access.door.routes import policy_of
from access.models import IdentityCheck, OrganisationKind, Role, StopReason, StopScope, User
from access.organisations.actions.stopping import stop
from access.people.actions import deciding
from access.people.actions.overriding import ask_override
from access.people.actions.recovering import ask_new_sign_in
from access.rules import grants
from access.rules.roles import permissions_of
from access.systems.actions.systems import NewSystem, ask_for_system
from audit.actors import Process
from audit.alerts import raise_alert
from audit.events import Alert, EventKind
from audit.reasons import CaseResult
from registry.actions.leaves import ask_leave, give_leave
from registry.actions.shields import read_shield
from registry.vocabulary import Service
from review.actions.cases import decide_case, take_case
from tests import factories
from tests import people as known
from tests.conftest import OwnerContext
from tests.integration.access import lives
from tests.integration.access.lives import Council
from tests.integration.feeds import sending
from tests.integration.registry.conftest import add, town  # noqa: F401 - fixtures
from tests.integration.registry.connecting import connection_asked_for
from tests.integration.registry.handing import offer, offered_to
from tests.integration.registry.keeping import kept_and_asked
from tests.integration.registry.merging import merge_asked_for
from tests.integration.registry.people import AddChildren, Town, draft, involvement
from tests.integration.registry.reporting import reported_as_wrong
from tests.integration.registry.severing import identities_of_each_kind
from tests.integration.registry.shielding import shields_of_each_kind
from tests.integration.registry.visiting import SEARCH, Visitor
from tests.integration.review import casework
from tests.integration.review.answering import begun, confirmed
from tests.log import last_event
from tests.sweeps.routes import Route, all_routes

LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#][^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
MOST_OF_A_ROUTE = 40

EXCEPTIONS = {
    "emergency_over": "where a view ends by itself: tests/integration/registry/test_emergency_pages.py",
    "confirm": "leads on to whichever second factor is there: tests/integration/access/test_confirming_pages.py",
    "event_proof": "beside an event that is sealed: tests/integration/audit/test_proof_pages.py",
    "mfa_activate_totp": "where there is no app yet: tests/browser/walks/test_signing_in.py",
    "question": "where somebody is asked: tests/integration/review/test_case_questions.py",
    "saved_view": "leads on to the log, filtered so: tests/integration/review/test_saved_views.py",
    "involvement_basis": "asked of a sensitive service: tests/integration/registry/test_basis_pages.py",
    "end_basis": "beside a sensitive service of one's own: tests/integration/registry/test_basis_pages.py",
    "mfa_remove_webauthn": "beside a passkey: tests/browser/walks/test_signing_in.py",
    "oauth_allow": "from another system: tests/browser/test_systems.py",
}

HOME = reverse("home")


@dataclass
class World:
    """A town in which children are found, a council that looks after people, and a way to set up as the owner."""

    town: Town
    council: Council
    as_owner: OwnerContext


@pytest.fixture
def db(own_database: str) -> None:
    """Here every test commits: what an event allows is read after it is committed."""


@pytest.fixture
def world(town: Town, add: AddChildren, as_owner: OwnerContext) -> World:  # noqa: F811
    services = [(town.school, Service.SCHOOL), (town.clinic, Service.MENTAL_HEALTH)]
    add(draft(town, involvements=[(False, involvement(*each)) for each in services]))
    with as_owner():
        council = lives.council()
        for each in (council.first, council.second):
            grants.grant(User.objects.get(pk=each.user_id), grants.STOP_SERVICE, council.authority)
    return World(town, council, as_owner)


@dataclass
class Walk:
    """One person's walk through all that links lead to. `reached`: the routes of the pages that were read."""

    browser: Client
    reached: set[str] = field(default_factory=set)
    _followed: set[tuple[str, str]] = field(default_factory=set)

    def press(self, on: str, page: HttpResponse) -> None:
        """A button was pressed on a page of that route, to which links had led, and led on to the page."""
        assert on in self.reached, f"no link leads to {on}"
        assert page.status_code == 200, page.content.decode()
        address = page.redirect_chain[-1][0]
        self.reached.add(str(route_of(address)))
        self.begin_at(*(link for link, _text in links_in(address, page.content.decode())))

    def begin_at(self, *addresses: str) -> None:
        """Follow all links from there on."""
        self._followed.clear()
        waiting = [(address, "") for address in addresses]
        while waiting:
            address, text = waiting.pop(0)
            name = route_of(address)
            # References are sealed anew each time, so that the same link is known by where it leads and by its text.
            if name is None or (name, text) in self._followed or self._enough(name):
                continue
            self._followed.add((name, text))
            page = self.browser.get(address)
            if page.status_code == 302:
                waiting.append((urljoin(address, page.url), f"{text}, led on"))
            if page.status_code != 200:
                continue
            self.reached.add(name)
            if page["Content-Type"].startswith("text/html"):
                waiting += links_in(address, page.content.decode())

    def _enough(self, name: str) -> bool:
        return sum(1 for followed, _ in self._followed if followed == name) > MOST_OF_A_ROUTE


def links_in(address: str, page: str) -> Iterator[tuple[str, str]]:
    for href, text in LINK.findall(page):
        yield urljoin(address, unescape(href)), " ".join(re.sub("<[^>]*>", " ", text).split())


def route_of(address: str) -> str | None:
    """The route of a page of ours, and no part of a page."""
    parts = urlsplit(address)
    if parts.netloc or parts.scheme:
        return None
    try:
        return resolve(parts.path).url_name
    except Resolver404:
        return None


def may_read(route: Route, role: Role) -> bool:
    policy = policy_of(route.view, route.name)  # type: ignore[arg-type]
    if not route.is_ours or policy is None or policy.admission or not policy.signed_in:
        return False
    return policy.permission is None or policy.permission in permissions_of(role)


def takes_get(browser: Client, route: Route) -> bool:
    return browser.get(route.path).status_code != 405


def practitioner(world: World) -> Walk:
    visitor = Visitor(world.town.teacher)
    walk = Walk(visitor.browser)
    walk.begin_at(HOME)
    walk.press("search", visitor.search())
    reference = visitor.reference()
    walk.press("open_record", visitor.give_reason(reference))
    checked = visitor.answered(reference)
    walk.press("record_involvement", checked)
    walk.press("check_involvement", visitor.save(checked, reference))
    with world.as_owner():
        child = draft(world.town, "Zora", shielded_since=factories.today())
        factories.children(child)
        grants.grant(world.town.social_worker, grants.OVERRIDE, world.town.authority)
    officer = Visitor(world.town.social_worker)
    found = re.findall(r"/record/([^/]+)/reason/", officer.search(**(SEARCH | {"given_name": "Zora"})).content.decode())
    protected = Walk(officer.browser, walk.reached)
    protected.press("open_record", officer.give_reason(found[0]))
    return walk


def mediator(world: World) -> Walk:
    visitor = Visitor(world.town.mediator)
    walk = Walk(visitor.browser)
    walk.begin_at(HOME)
    walk.press("asking", visitor.follow(reverse("asking"), asked="tester"))  # as several are called
    visitor.take_call(world.town.colleague)
    walk.begin_at(HOME)
    walk.press("search", visitor.search())
    walk.press("open_record", visitor.give_reason(visitor.reference()))
    return walk


def auditor(world: World) -> Walk:
    Visitor(world.town.teacher).opened()
    place = world.town.authority.pk
    about = {"subject": "records", "user_id": world.town.teacher.pk}
    with transaction.atomic():
        raise_alert(Alert.OVER_BUDGET, actor=Process("budgets", None, place, place), **about)
    with world.as_owner():
        reader, other = (factories.user(role=Role.AUDITOR, works_for=world.town.authority) for _ in range(2))
    browser = factories.signed_in(reader)
    casework.drawn_access(world.town.teacher)
    own, decided = casework.case_about(world.town.teacher), casework.case_about(world.town.colleague)
    colleague = factories.actor_for(other)
    take_case(actor=colleague, case_id=decided.pk, seen=None)
    decide_case(actor=colleague, case_id=decided.pk, result=CaseResult.POLICE, found=decided.growth)
    walk = Walk(browser)
    walk.begin_at(HOME)
    walk.press("case", browser.post(reverse("take_case", args=[own.pk]), {"seen": ""}, follow=True))
    walk.begin_at(f"{casework.CASES}?show=second")
    record = last_event(kind=EventKind.CHILD_OPENED).child_id
    filtered = browser.post(reverse("log"), {"record": f"({record})"}, follow=True)
    walk.press("log", filtered)
    walk.press("save_view", browser.post(f"{filtered.redirect_chain[-1][0]}save/", {"period": "7"}, follow=True))
    opened = {"kind": EventKind.CHILD_OPENED.value, "apart": "on"}
    walk.press("log", browser.post(reverse("log"), opened, follow=True))
    asked = begun(browser)
    with world.as_owner():
        other = factories.user(role=Role.AUDITOR, works_for=world.town.authority)
    confirmed(factories.signed_in(other), asked)
    walk.begin_at(HOME)
    return walk


def administrator(world: World) -> Walk:
    council = world.council
    lives.invited(council)
    lives.complete(council)
    suspended, left, moving = (lives.brought(council) for _ in range(3))
    deciding.suspend(actor=council.first, user_id=suspended.pk, reason=StopReason.MISUSE)
    deciding.leave(actor=council.first, user_id=left.pk)
    deciding.ask_role(actor=council.first, user_id=moving.pk, role=Role.AUDITOR)
    ask_new_sign_in(actor=council.first, user_id=moving.pk, identity_check=IdentityCheck.RUNG_BACK)
    with world.as_owner():
        factories.user(works_for=council.school, role=Role.ADMINISTRATOR)
    kept = kept_and_asked(council.authority, council.first)
    second = known.one(pk=council.second.user_id)
    shields_of_each_kind(council.authority, council.first, council.third)
    leaves_of_each_kind(world, council)
    connection_asked_for(council.authority)
    reported_as_wrong(council.authority)
    offered_to(council.authority)
    with world.as_owner():
        away = factories.child(authority=council.authority), factories.organisation(kind=OrganisationKind.AUTHORITY)
        doubted = factories.child(authority=council.authority)
    offer(council.first, away[0].pk, away[1])
    sending.of_each_kind(council.authority, doubted)
    number = identities_of_each_kind(council.authority, council.first, council.second)
    stays, under = merge_asked_for(council.authority, council.first)
    browser = factories.signed_in(second)
    asked = NewSystem(
        council.authority.pk, "Case files", ["https://files.example.org/"], {"keys": []}, factories.today()
    )
    factories.show(council.first)
    ask_for_system(actor=council.first, new=asked)
    walk = Walk(browser)
    walk.begin_at(HOME)
    walk.press("identities", browser.post(reverse("identities"), {"number": number}, follow=True))
    walk.press("find_keeping", browser.post(reverse("find_keeping"), {"number": kept}, follow=True))
    walk.press("merges", browser.post(reverse("merges"), {"stays": stays, "under": under}, follow=True))
    stopped = {StopScope.USER: moving.pk, StopScope.ORGANISATION: council.school.pk, StopScope.SERVICE: None}
    for scope, target in stopped.items():
        stop(actor=council.first, scope=scope, target=target, reason=StopReason.STOLEN)
    walk.begin_at(HOME)
    code = council.school.directory_code
    people = f"name,email,role,organisation\nMary Bell,{factories.new_email()},Practitioner,{code}"
    leavers = f"email\n{suspended.email.open()}"
    for name, contents in (("invite_list", people), ("leaver_list", leavers)):
        sent = {"list": SimpleUploadedFile("list.csv", contents.encode())}
        walk.press(name, browser.post(reverse(name), sent, follow=True))
    confirming = reverse("confirm_people", args=[council.school.pk, 1])
    walk.press("confirm_people", browser.post(confirming, {"check": "1"}, follow=True))
    return walk


def leaves_of_each_kind(world: World, council: Council) -> None:
    """That somebody may open protected records, asked for; and leave to see one, asked for and given."""
    with world.as_owner():
        (child,) = factories.children(factories.draft(authority=council.authority, shielded_since=factories.today()))
        asked, given, worker = (factories.user(works_for=council.authority) for _ in range(3))
    about = {"child_id": child.pk, "until": factories.today()}
    for person in (asked, given):
        ask_leave(actor=council.first, email=person.email.open(), **about)
    number = read_shield(actor=council.third, child_id=child.pk).leaves[-1].id
    give_leave(actor=council.third, child_id=child.pk, leave_id=number, email=given.email.open(), seen=0)
    ask_override(actor=council.first, user_id=worker.pk)


WALKS: dict[Role, Callable[[World], Walk]] = {
    Role.PRACTITIONER: practitioner,
    Role.MEDIATOR: mediator,
    Role.ADMINISTRATOR: administrator,
    Role.AUDITOR: auditor,
}


@pytest.mark.parametrize("role", WALKS)
def test_links_lead_to_every_page(world: World, role: Role) -> None:
    walk = WALKS[role](world)

    readable = {route.name for route in all_routes() if may_read(route, role) and takes_get(walk.browser, route)}
    assert sorted(readable - walk.reached - set(EXCEPTIONS)) == []
    assert not walk.reached & set(EXCEPTIONS), "it is reached, and no exception any more"
