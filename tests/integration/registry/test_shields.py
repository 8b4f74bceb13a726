"""A shield is asked for, decided by two, reviewed, and lifted by two; what search knows follows at once."""

import pytest
from django.db import IntegrityError, connection

from access.models import Role, User
from access.rules import grants
from access.rules.errors import NotFoundError, NotPermittedError, OwnCaseError, WrongStateError
from audit.actors import Actor
from audit.errors import NotAllowedError
from audit.events import Alert, EventKind
from audit.reasons import Reason, ShieldDecision, ShieldLifting, ShieldReview
from registry.actions import shields
from registry.actions.finding import open_record, search
from registry.actions.recalling import recall
from registry.actions.steps import ChangedError
from registry.models import Child, Shield
from registry.search.criteria import Criteria
from registry.selectors.shields import waiting
from registry.worker.watching import watch_shields
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import BORN, HOME, AddChildren, Town, full_draft
from tests.integration.registry.people import stranger as somebody_else
from tests.integration.registry.shielding import URGENT, WANTED, Office, build_office, file_shielded, request
from tests.log import events

pytestmark = pytest.mark.usefixtures("own_database")

PLACED = {"given": "Amina", "family": "Hussain", "postcode": HOME}
VISIBLE = {"given": "Amina", "family": "Hussain", "date_of_birth": BORN}


@pytest.fixture
def office(town: Town, add: AddChildren) -> Office:
    (child,) = add(full_draft(town))
    with as_owner_here():
        return build_office(town, child)


def found(office: Office, **given: object) -> list[int]:
    actor = office.town.actor("teacher")
    criteria = Criteria(today=factories.today(), **given)  # type: ignore[arg-type]
    return [
        match.child_id for match in search(actor=actor, criteria=criteria, trail=factories.SETTING_UP_REQUEST).matches
    ]


def is_hidden(office: Office) -> bool:
    read = open_record(actor=office.town.actor("colleague"), child_id=office.child.pk, reason=Reason.SAFEGUARDING)
    return read.shielded


def decide(office: Office, request_id: int, decision: ShieldDecision = ShieldDecision.PROTECT) -> None:
    shields.decide_shield(
        actor=factories.actor_for(office.decider),
        child_id=office.child.pk,
        request_id=request_id,
        decision=decision,
        seen=request(request_id).steps,
    )


def approve(office: Office, request_id: int, *, actor: Actor | None = None, seen: int | None = None) -> None:
    shields.approve_shield(
        actor=actor or factories.actor_for(office.approver),
        child_id=office.child.pk,
        request_id=request_id,
        seen=request(request_id).steps if seen is None else seen,
    )


def shielded(office: Office) -> Shield:
    """The child, shielded as it is done on an ordinary day."""
    asked = office.asked()
    decide(office, asked.pk)
    approve(office, asked.pk)
    made = office.shield()
    assert made
    file_shielded()
    return made


def test_a_shield_wants_three_people_and_hides_once_it_is_approved(office: Office) -> None:
    asked = office.asked()
    assert not is_hidden(office)
    decide(office, asked.pk)
    assert not is_hidden(office)
    approve(office, asked.pk)
    assert is_hidden(office)
    done = request(asked.pk)
    assert (done.asked_by_id, done.decided_by_id, done.approved_by_id) == (
        office.town.social_worker.pk,
        office.decider.pk,
        office.approver.pk,
    )
    made = office.shield()
    assert made
    assert (made.request_id, made.authority_id) == (asked.pk, office.town.authority.pk)
    assert (made.review_on - made.started_on).days == 182
    kinds = [event.kind for event in events(child_id=office.child.pk) if event.kind.startswith("shield.")]
    assert [kind for kind in kinds if kind != EventKind.SHIELD_READ] == [
        EventKind.SHIELD_ASKED,
        EventKind.SHIELD_DECIDED,
        EventKind.SHIELD_APPROVED,
    ]


def test_an_urgent_shield_hides_at_once_from_record_search_and_list(office: Office) -> None:
    colleague = office.asker("colleague")
    assert found(office, **PLACED) == [office.child.pk]
    office.asked(URGENT)
    assert is_hidden(office)
    assert found(office, **PLACED) == []
    assert found(office, number="9434765919") == []
    # Until it is filed anew it is found by nothing, and shown in no list; then by what is visible alone.
    assert found(office, **VISIBLE) == []
    assert recall(actor=colleague) == []
    assert file_shielded() == 1
    assert found(office, **VISIBLE) == [office.child.pk]
    assert found(office, **PLACED) == []
    assert found(office, number="9434765919") == []
    (again,) = recall(actor=colleague)
    assert (again.summary.shielded, again.summary.town, again.summary.postcode) == (True, "", "")
    assert file_shielded() == 0


def test_an_urgent_shield_that_is_refused_opens_by_two_people_and_is_found_again(office: Office) -> None:
    asked = office.asked(URGENT)
    file_shielded()
    decide(office, asked.pk, ShieldDecision.NO_RISK)
    assert is_hidden(office)
    approve(office, asked.pk)
    assert not is_hidden(office)
    assert found(office, **PLACED) == []
    file_shielded()
    assert found(office, **PLACED) == [office.child.pk]
    with as_owner_here():
        ended = Shield.objects.get(child=office.child)
    assert (ended.lift_asked_by_id, ended.lifted_by_id) == (office.decider.pk, office.approver.pk)
    assert ended.lift_reason == ShieldDecision.NO_RISK


def test_refusing_one_request_leaves_the_shield_of_another(office: Office) -> None:
    ordinary, urgent = office.asked(), office.asked(URGENT, by="therapist")
    decide(office, ordinary.pk)
    approve(office, ordinary.pk)
    decide(office, urgent.pk, ShieldDecision.NO_RISK)
    approve(office, urgent.pk)
    assert is_hidden(office)


def test_nobody_approves_what_they_decided_nor_a_decision_that_was_changed(office: Office) -> None:
    asked = office.asked()
    decide(office, asked.pk)
    seen = request(asked.pk).steps
    with pytest.raises(OwnCaseError):
        approve(office, asked.pk, actor=factories.actor_for(office.decider))
    shields.return_shield(
        actor=factories.actor_for(office.approver), child_id=office.child.pk, request_id=asked.pk, seen=seen
    )
    decide(office, asked.pk, ShieldDecision.OTHER_CHILD)
    with pytest.raises(ChangedError):
        approve(office, asked.pk, seen=seen)
    assert not is_hidden(office)
    assert request(asked.pk).approved_by_id is None


def test_who_asked_never_decides_also_after_they_became_an_administrator(office: Office) -> None:
    asked = office.asked()
    with as_owner_here():
        worker = office.town.social_worker
        User.objects.filter(pk=worker.pk).update(role=Role.ADMINISTRATOR)
        worker.role = Role.ADMINISTRATOR
        grants.grant(worker, grants.ADMINISTER, office.town.authority)
    actor = factories.actor_for(worker)
    with pytest.raises(OwnCaseError):
        shields.decide_shield(
            actor=actor, child_id=office.child.pk, request_id=asked.pk, decision=ShieldDecision.PROTECT, seen=0
        )
    decide(office, asked.pk)
    with pytest.raises(OwnCaseError):
        approve(office, asked.pk, actor=actor)


def test_whoever_asks_has_opened_the_record_in_this_session(office: Office) -> None:
    office.asker()
    with pytest.raises(NotAllowedError):
        shields.ask_shield(actor=office.town.actor("social_worker"), child_id=office.child.pk, wanted=URGENT)
    assert office.shield() is None


def test_asked_twice_stands_once_and_the_person_is_told(office: Office) -> None:
    actor = office.asker()
    shields.ask_shield(actor=actor, child_id=office.child.pk, wanted=WANTED)
    with pytest.raises(WrongStateError) as told:
        shields.ask_shield(actor=actor, child_id=office.child.pk, wanted=URGENT)
    assert told.value.sentence == shields.ASKED_ALREADY
    # Of somebody else's request nobody is told, and an urgent one hides all the same.
    other = office.asker("therapist")
    assert shields.shield_to_ask(actor=other, child_id=office.child.pk).own is None
    shields.ask_shield(actor=other, child_id=office.child.pk, wanted=URGENT)
    assert is_hidden(office)
    with pytest.raises(WrongStateError) as told:
        shields.ask_shield(actor=office.asker("teacher"), child_id=office.child.pk, wanted=WANTED)
    assert told.value.sentence == shields.SHIELDED_ALREADY


def test_a_review_keeps_the_shield_and_a_missed_one_opens_nothing(office: Office) -> None:
    made = shielded(office)
    with as_owner_here():
        Shield.objects.filter(pk=made.pk).update(started_on="2020-01-01", review_on="2020-07-01")
    assert is_hidden(office)
    actor = factories.actor_for(office.decider)
    assert waiting_of(actor) == (0, 0, 1)
    (listed,) = shields.list_shields(actor=actor).shields
    assert listed.pk == made.pk
    shields.review_shield(
        actor=actor, child_id=office.child.pk, shield_id=made.pk, why=ShieldReview.STILL_AT_RISK, seen=made.steps
    )
    kept = office.shield()
    assert kept
    assert (kept.review_on - factories.today()).days == 182
    assert kept.reviewed_by_id == office.decider.pk
    assert waiting_of(actor) == (0, 0, 0)


def test_two_people_lift_a_shield(office: Office) -> None:
    made = shielded(office)
    asks, lifts = factories.actor_for(office.decider), factories.actor_for(office.approver)
    about = {"child_id": office.child.pk, "shield_id": made.pk}
    shields.ask_lifting(actor=asks, **about, why=ShieldLifting.RISK_OVER, seen=made.steps)
    assert is_hidden(office)
    factories.show(lifts)
    assert waiting_of(lifts) == (0, 1, 0)
    assert waiting_of(asks) == (0, 0, 0)
    with pytest.raises(OwnCaseError):
        shields.lift_shield(actor=asks, **about, seen=made.steps + 1)
    with pytest.raises(ChangedError):
        shields.lift_shield(actor=lifts, **about, seen=made.steps)
    shields.refuse_lifting(actor=lifts, **about, seen=made.steps + 1)
    with pytest.raises(ChangedError):
        shields.lift_shield(actor=lifts, **about, seen=made.steps + 2)
    shields.ask_lifting(actor=asks, **about, why=ShieldLifting.RISK_OVER, seen=made.steps + 2)
    shields.lift_shield(actor=lifts, **about, seen=made.steps + 3)
    assert not is_hidden(office)
    file_shielded()
    assert found(office, **PLACED) == [office.child.pk]


def test_an_urgent_shield_is_decided_before_it_is_lifted(office: Office) -> None:
    office.asked(URGENT)
    made = office.shield()
    assert made
    with pytest.raises(ChangedError):
        shields.ask_lifting(
            actor=factories.actor_for(office.decider),
            child_id=office.child.pk,
            shield_id=made.pk,
            why=ShieldLifting.FAMILY_ASKS,
            seen=made.steps,
        )


def test_only_the_authority_that_answers_reads_and_decides(office: Office, add: AddChildren) -> None:
    asked = office.asked(URGENT)
    with as_owner_here():
        stranger = factories.user(role=Role.ADMINISTRATOR)
    actor = factories.actor_for(stranger)
    assert shields.list_shields(actor=actor) == shields.Waiting([], [], [], [])
    assert waiting_of(actor) == (0, 0, 0)
    with pytest.raises(NotFoundError):
        shields.read_shield(actor=actor, child_id=office.child.pk)
    with pytest.raises(NotPermittedError):
        shields.list_shields(actor=office.town.actor("social_worker"))
    # Nor does who decides read of a child for whom nobody asked.
    (other,) = add(somebody_else(office.town))
    with pytest.raises(NotFoundError):
        shields.read_shield(actor=factories.actor_for(office.decider), child_id=other.pk)
    assert request(asked.pk).steps == 0


def test_when_the_record_moved_its_new_authority_decides_and_the_old_one_no_more(office: Office) -> None:
    made = shielded(office)
    with as_owner_here():
        newcomer = factories.user(role=Role.ADMINISTRATOR)
        Child.objects.filter(pk=office.child.pk).update(responsible_authority=newcomer.organisation)
    about = {"child_id": office.child.pk, "shield_id": made.pk, "why": ShieldReview.STILL_AT_RISK, "seen": made.steps}
    old, new = factories.actor_for(office.decider), factories.actor_for(newcomer)
    with pytest.raises(NotFoundError):
        shields.review_shield(actor=old, **about)
    assert shields.list_shields(actor=old).shields == []
    shields.review_shield(actor=new, **about)
    assert [each.pk for each in shields.list_shields(actor=new).shields] == [made.pk]
    assert is_hidden(office)
    with pytest.raises(WrongStateError):
        office.asked()


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("decided_by_id = asked_by_id", "registry_shieldrequest_decided_by_another"),
        ("decided_by_id = NULL", "registry_shieldrequest_decided_by_another"),
        ("decision = ''", "registry_shieldrequest_decided_by_another"),
        ("approved_by_id = asked_by_id, approved_at = now()", "registry_shieldrequest_approved_by_a_third"),
        ("approved_by_id = decided_by_id, approved_at = now()", "registry_shieldrequest_approved_by_a_third"),
        ("reason = 'made up'", "registry_shieldrequest_codes_are_known"),
        ("identity_check = 'nobody_asked'", "registry_shieldrequest_identity_fits"),
        ("identity_check = 'not_checked_yet'", "registry_shieldrequest_identity_fits"),
    ],
)
def test_the_table_itself_wants_three_people_and_codes_that_fit(office: Office, change: str, broken: str) -> None:
    """Whatever a function should let through some day."""
    asked = office.asked()
    decide(office, asked.pk)
    with pytest.raises(IntegrityError, match=broken), as_owner_here(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE registry_shieldrequest SET {change}")


def test_an_urgent_request_that_waits_too_long_is_an_alert_and_stays_hidden(office: Office) -> None:
    asked = office.asked(URGENT)
    assert watched() == 0
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_shieldrequest SET asked_at = now() - interval '73 hours'")
    assert watched() == 1
    (alert,) = events(kind=EventKind.ALERT_RAISED, reason=Alert.UNCONFIRMED)
    assert (alert.authority_id, alert.fields) == (office.town.authority.pk, [f"request.{asked.pk}"])
    assert is_hidden(office)


@pytest.mark.parametrize("gone", ["archived", "severed"])
def test_nobody_is_alerted_to_a_request_that_nobody_can_decide_any_more(office: Office, gone: str) -> None:
    office.asked(URGENT)
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_shieldrequest SET asked_at = now() - interval '73 hours'")
    with as_worker():
        Child.objects.filter(pk=office.child.pk).update(**{gone: True})
    assert watched() == 0


def watched() -> int:
    with as_worker():
        return watch_shields()


def waiting_of(actor: Actor) -> tuple[int, int, int]:
    """What the start page counts for them: to decide, to approve, to review."""
    factories.show(actor)
    counts = waiting()
    return counts.to_decide, counts.to_approve, counts.to_review
