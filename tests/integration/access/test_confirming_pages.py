"""Each dangerous step, sent when the second factor is too old: shown filled in after the code, and not done yet."""

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse

from access.door.confirming import NOT_YET
from access.door.routes import policy_of
from access.door.serving import Server, server_of
from access.models import Role, StopReason, StopScope, User
from access.organisations.actions.stopping import stop
from access.people.actions import deciding, recovering
from access.rules import grants
from audit.events import EventKind
from audit.reasons import (
    IdentityCheck,
    KeepingEnd,
    KeepingGround,
    Reason,
    ShieldAsker,
    ShieldDecision,
    ShieldIdentity,
    ShieldLifting,
    ShieldReason,
)
from registry.actions import archive, handovers, keeping, merging, shields
from registry.actions.finding import open_record
from registry.actions.shields import Wanted
from registry.references import child_id_of, refer_to
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.access import lives
from tests.integration.access.conftest import Wait, let_confirmation_run_out
from tests.integration.access.staging import Sent, Stage, ticked
from tests.integration.access.steps_of_shields import (
    identity_asked_for,
    leave_asked_for,
    link_asked_for,
    override_asked_for,
)
from tests.integration.access.steps_of_systems import accredit_a_system, ask_for_system, revoke_a_system
from tests.integration.registry.handing import offered_to
from tests.integration.registry.keeping import kept_and_asked, years_ago
from tests.integration.registry.merging import merge_asked_for
from tests.integration.registry.severing import number_of
from tests.integration.review.test_confirmed_steps import OVERSEERS
from tests.log import events
from tests.sweeps.routes import all_routes

SIX_MINUTES, A_YEAR = timedelta(minutes=6), timedelta(days=365)
A_REFUGE = Wanted(ShieldReason.REFUGE, ShieldAsker.CARER, ShieldIdentity.KNOWN, urgent=False)
READING = {
    EventKind.ARCHIVE_LISTED,
    EventKind.MERGE_LISTED,
    EventKind.MERGE_READ,
    EventKind.HANDOVER_READ,
    EventKind.USER_READ,
    EventKind.ORGANISATION_READ,
    EventKind.PEOPLE_LISTED,
    EventKind.SHIELD_READ,
    EventKind.IDENTITY_READ,
    EventKind.IDENTITY_LISTED,
}
# Tried in tests/integration/feeds, test_batch_pages.py and test_bounds.py.
OF_FEEDS = ("let_in_batch", "take_back_batch", "confirm_bounds", "refuse_bounds", "withdraw_bounds")


@pytest.fixture
def stage(as_owner: OwnerContext) -> Stage:
    with as_owner():
        council = lives.council()
        second = User.objects.get(pk=council.second.user_id)
        grants.grant(second, grants.STOP_SERVICE, council.authority)
    return Stage(council, second, factories.signed_in(second))


def on(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def accredit(stage: Stage) -> Sent:
    today = factories.today()
    typed = {"evidence": "dspt", "reference": "URN/1234", **on("granted_on", today), **on("expires_on", today + A_YEAR)}
    return Sent(
        stage.of(stage.council.school), typed, [ticked("evidence", "dspt"), "URN/1234", f'value="{today.year}"']
    )


def delegate(stage: Stage) -> Sent:
    with as_owner_here():
        head = str(factories.user(works_for=stage.council.school, role=Role.ADMINISTRATOR).pk)
    until = factories.today() + timedelta(days=90)
    typed = {"person": head, **on("expires_on", until)}
    return Sent(stage.of(stage.council.school), typed, [ticked("person", head), f'value="{until.year}"'])


def confirm_each(stage: Stage) -> Sent:
    """What was ticked waits apart from the form, which sends its key alone."""
    lives.brought(stage.council)
    return Sent([stage.council.school.pk], {"key": "of-an-earlier-page"}, ["Check"])


def evidence(stage: Stage) -> Sent:
    user, today = lives.joining(stage.council), factories.today()
    place = [*stage.about(user), "training_security"]
    return Sent(place, on("day", today), [f'value="{today.year}"'])


def approve(stage: Stage) -> Sent:
    user = lives.complete(stage.council)
    return Sent(stage.about(user), stage.seen(user), ["Let in"])


def reinstate(stage: Stage) -> Sent:
    user = lives.brought(stage.council)
    deciding.suspend(actor=stage.council.first, user_id=user.pk, reason=StopReason.MISUSE)
    return Sent(stage.about(user), stage.seen(user), ["Let in again"])


def revoke(stage: Stage) -> Sent:
    user = lives.brought(stage.council)
    return Sent(stage.about(user), {"reason": "misuse", **stage.seen(user)}, [ticked("reason", "misuse")])


def rejoin(stage: Stage) -> Sent:
    user = lives.brought(stage.council)
    deciding.leave(actor=stage.council.first, user_id=user.pk)
    return Sent(stage.about(user), stage.seen(user), ["Send a link"])


def ask_new_sign_in(stage: Stage) -> Sent:
    user, check = lives.brought(stage.council), IdentityCheck.values[0]
    return Sent(stage.about(user), {"identity_check": check}, [ticked("identity_check", check)])


def decide_new_sign_in(stage: Stage) -> Sent:
    user = lives.brought(stage.council)
    check = next(iter(IdentityCheck))
    recovering.ask_new_sign_in(actor=stage.council.first, user_id=user.pk, identity_check=check)
    return Sent(stage.about(user), {"answer": "yes"}, [ticked("answer", "yes")])


def decide_role(stage: Stage) -> Sent:
    user = lives.brought(stage.council)
    deciding.ask_role(actor=stage.council.first, user_id=user.pk, role=Role.AUDITOR)
    return Sent(stage.about(user), {"answer": "yes"}, [ticked("answer", "yes")])


def stop_person(stage: Stage) -> Sent:
    return Sent(stage.about(lives.brought(stage.council)), {"reason": "stolen"}, [ticked("reason", "stolen")])


def stop_organisation(stage: Stage) -> Sent:
    return Sent(stage.of(stage.council.school), {"reason": "stolen"}, [ticked("reason", "stolen")])


def stop_service(stage: Stage) -> Sent:
    return Sent([], {"reason": "stolen"}, [ticked("reason", "stolen")])


def lift_person(stage: Stage) -> Sent:
    user = lives.brought(stage.council)
    stop(actor=stage.council.first, scope=StopScope.USER, target=user.pk, reason=StopReason.STOLEN)
    return Sent(stage.about(user), {}, [user.name.open()])


def lift_organisation(stage: Stage) -> Sent:
    school = stage.council.school
    stop(actor=stage.council.first, scope=StopScope.ORGANISATION, target=school.pk, reason=StopReason.STOLEN)
    return Sent(stage.of(school), {}, [school.name])


def lift_service(stage: Stage) -> Sent:
    return Sent([], {}, ["Lift the stop of the whole service"])


def a_shield_asked_for(stage: Stage) -> tuple[list[str], int]:
    """A reference to a child for whom one was asked, and decided by the first administrator; and the request."""
    with as_owner_here():
        child = factories.child(authority=stage.council.authority)
        worker = factories.user(works_for=stage.council.authority)
    actor = factories.actor_for(worker)
    open_record(actor=actor, child_id=child.pk, reason=Reason.SAFEGUARDING)
    asked = shields.ask_shield(actor=actor, child_id=child.pk, wanted=A_REFUGE)
    shields.decide_shield(
        actor=stage.council.first, child_id=child.pk, request_id=asked, decision=ShieldDecision.PROTECT, seen=0
    )
    factories.show(stage.actor)
    return [refer_to(stage.actor, child.pk)], asked


def approve_shield(stage: Stage) -> Sent:
    reference, asked = a_shield_asked_for(stage)
    return Sent([*reference, asked], {"seen": "1"}, ["Protect the child"])


def lift_shield(stage: Stage) -> Sent:
    reference, asked = a_shield_asked_for(stage)
    child_id = child_id_of(stage.actor, reference[0])
    shields.approve_shield(actor=stage.actor, child_id=child_id, request_id=asked, seen=1)
    first = stage.council.first
    (shield,) = shields.read_shield(actor=first, child_id=child_id).shields
    shields.ask_lifting(actor=first, child_id=child_id, shield_id=shield.pk, why=ShieldLifting.RISK_OVER, seen=0)
    factories.show(stage.actor)
    return Sent([*reference, shield.pk], {"seen": "1"}, ["The risk is over"])


def give_leave(stage: Stage) -> Sent:
    reference, asked, email = leave_asked_for(stage.council.authority, stage.council.first, stage.actor)
    return Sent([reference, asked], {"seen": "0", "email": email}, [email])


def decide_override(stage: Stage) -> Sent:
    person = override_asked_for(stage.council.authority, stage.council.first, stage.actor)
    return Sent(stage.about(person), {"answer": "agree"}, ["they may do this for 26 weeks"])


def approve_identity(stage: Stage) -> Sent:
    reference, asked = identity_asked_for(stage.council.authority, stage.council.first, stage.actor)
    return Sent([reference, asked], {"seen": "0"}, ["An adoption order was made"])


def give_link(stage: Stage) -> Sent:
    asked, number = link_asked_for(stage.council.authority, stage.council.first, stage.actor)
    return Sent([asked], {"seen": "0", "number": number}, [number])


def accept_handover(stage: Stage) -> Sent:
    child_id = offered_to(stage.council.authority)
    factories.show(stage.actor)
    (waiting,) = handovers.list_offers(actor=stage.actor)
    return Sent([refer_to(stage.actor, child_id), waiting.id], {"seen": "0"}, ["The child has moved home"])


def approve_merge(stage: Stage) -> Sent:
    stays, under = merge_asked_for(stage.council.authority, stage.council.first)
    factories.show(stage.actor)
    two = merging.find_two(actor=stage.actor, stays=stays, under=under)
    asked = next(each for each in merging.list_merges(actor=stage.actor) if each.into_id == two.stays)
    place = [refer_to(stage.actor, two.stays), refer_to(stage.actor, two.under), asked.id]
    return Sent(place, {"seen": "0"}, ["Somebody who works with the child knows both records"])


def keep_until_25(stage: Stage) -> Sent:
    with as_owner_here():
        born = {"authority": stage.council.authority, "date_of_birth": years_ago(17, days=40)}
        (child,) = factories.children(factories.draft(**born))
    factories.show(stage.actor)
    keeping.find_record(actor=stage.actor, number=number_of(child.pk))
    reference, day = refer_to(stage.actor, child.pk), factories.today()
    typed = {"given_on_day": str(day.day), "given_on_month": str(day.month), "given_on_year": str(day.year)}
    return Sent([reference], {"ground": KeepingGround.CARE_LEAVER, **typed}, [str(day.year)])


def keep_no_more(stage: Stage) -> Sent:
    kept = kept_and_asked(stage.council.authority, stage.council.first)
    factories.show(stage.actor)
    child_id = keeping.find_record(actor=stage.actor, number=kept)
    return Sent([refer_to(stage.actor, child_id)], {"why": KeepingEnd.WITHDRAWN}, ["does not want it any more"])


def give_archived(stage: Stage) -> Sent:
    kept_and_asked(stage.council.authority, stage.council.first)
    factories.show(stage.actor)
    (asked,) = archive.list_archive(actor=stage.actor)
    return Sent([asked.id], {"seen": "0", "number": "12345678901"}, ["12345678901"])


STEPS: dict[str, Callable[[Stage], Sent]] = {
    "accept_handover": accept_handover,
    "approve_merge": approve_merge,
    "end_keeping": keep_no_more,
    "give_archived": give_archived,
    "keeping": keep_until_25,
    "accredit": accredit,
    "accredit_system": accredit_a_system,
    "ask_for_system": ask_for_system,
    "ask_new_sign_in": ask_new_sign_in,
    "approve_identity": approve_identity,
    "approve_person": approve,
    "approve_shield": approve_shield,
    "check_confirmations": confirm_each,
    "decide_new_sign_in": decide_new_sign_in,
    "decide_override": decide_override,
    "decide_role": decide_role,
    "delegate": delegate,
    "evidence": evidence,
    "give_leave": give_leave,
    "give_link": give_link,
    "lift_organisation": lift_organisation,
    "lift_person": lift_person,
    "lift_service": lift_service,
    "lift_shield": lift_shield,
    "reinstate_person": reinstate,
    "rejoin_person": rejoin,
    "revoke_person": revoke,
    "revoke_system": revoke_a_system,
    "stop_organisation": stop_organisation,
    "stop_person": stop_person,
    "stop_service": stop_service,
}


def test_each_dangerous_step_is_tried() -> None:
    """Steps that people take with their own ways in are tried in test_ways_in.py, auditors' in review."""
    here = [route for route in all_routes() if server_of(route.path) != Server.SIGN_IN]
    policies = {route.name: policy_of(route.view, route.name) for route in here}  # type: ignore[arg-type]
    assert {name for name, policy in policies.items() if policy and policy.confirmed} == {
        *STEPS,
        *OVERSEERS,
        *OF_FEEDS,
    }


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("name", STEPS)
def test_step_is_seen_filled_in_before_it_is_taken(stage: Stage, wait: Wait, name: str) -> None:
    """Somebody else may have sent it from the browser of whoever confirms."""
    sent = STEPS[name](stage)
    address = reverse(name, args=sent.place)
    let_confirmation_run_out(stage.browser, wait)

    asked = stage.browser.post(address, sent.typed)
    assert asked.url.startswith(reverse("confirm"))
    before = {event.pk for event in events()}
    code_page = stage.browser.get(asked.url).url
    assert stage.browser.post(code_page, {"code": factories.code_for(stage.second)}).url == address
    page = stage.browser.get(address)

    assert page.status_code == 200
    shown = " ".join(unescape(page.content.decode()).split())
    assert NOT_YET in shown
    assert [each for each in sent.seen if each not in shown] == []
    assert {event.kind for event in events() if event.pk not in before} <= READING, "nothing is done yet"
