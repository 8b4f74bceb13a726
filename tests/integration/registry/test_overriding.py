"""A shield that is overridden: one view, two investigations at once, a letter, and the factor shown anew each time."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection

from access.models import Grant, Notice, NoticeKind, Role
from access.people.actions.notifying import send_notices
from access.people.actions.overriding import take_override
from access.rules import grants
from access.rules.errors import NotPermittedError
from audit.events import EventKind
from audit.reasons import Reason, ShieldOverride
from registry.actions.finding import open_record
from registry.actions.overriding import NotOverriddenError, has_confirmed_for, open_in_emergency, warn
from registry.actions.shields import list_shields, read_shield
from registry.models import Override, Shield
from review.models import Case
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.emergencies import Refuge, build_refuge, confirmed_before, confirms
from tests.integration.registry.people import Town
from tests.log import events


@pytest.fixture
def refuge(town: Town) -> Refuge:
    with as_owner_here():
        made = build_refuge(town)
    made.allows(made.officer)
    return made


def cases() -> list[Case]:
    with as_owner_here():
        return list(Case.objects.order_by("authority_id"))


def test_it_shows_the_whole_record_once_and_the_next_opening_what_everybody_sees(refuge: Refuge) -> None:
    actor = factories.actor_for(refuge.officer)
    record = refuge.opens(actor)
    assert (record.shielded, record.by_right, len(record.addresses)) == (False, "shield.overridden", 2)
    assert record.sensitive  # which service it is stays hidden
    overridden, opened = events(reason=ShieldOverride.LIFE)
    assert (overridden.kind, opened.kind) == (EventKind.SHIELD_OVERRIDDEN, EventKind.CHILD_OPENED)
    assert overridden.transaction_id == opened.transaction_id
    assert opened.fields == ["shield.overridden"]
    assert open_record(actor=actor, child_id=refuge.child.pk, reason=Reason.SAFEGUARDING).shielded


def test_auditors_of_both_authorities_have_a_case_in_the_same_transaction(refuge: Refuge) -> None:
    refuge.opens(factories.actor_for(refuge.officer))
    (override,) = overrides()
    theirs, childs = refuge.officer.organisation.responsible_authority_id, refuge.town.authority.pk
    assert {(case.authority_id, case.person_id, case.override_id) for case in cases()} == {
        (theirs, refuge.officer.pk, override.pk),
        (childs, refuge.officer.pk, override.pk),
    }
    assert all(case.urgent_at and case.growing for case in cases())
    opened = events(kind=EventKind.CHILD_OPENED)[-1]
    assert override.event_id == opened.pk


def test_of_ones_own_authority_there_is_one_case(refuge: Refuge) -> None:
    worker = refuge.town.social_worker
    with as_owner_here():
        grants.grant(worker, grants.OVERRIDE, refuge.town.authority)
    refuge.opens(factories.actor_for(worker))
    assert len(cases()) == 1


def overrides() -> list[Override]:
    with as_owner_here():
        return list(Override.objects.order_by("id"))


def test_those_who_decide_about_the_child_are_told_by_letter_that_names_nobody(refuge: Refuge) -> None:
    refuge.opens(factories.actor_for(refuge.officer))
    with as_owner_here():
        told = set(Notice.objects.filter(what=NoticeKind.OVERRIDDEN).values_list("user_id", flat=True))
    # Whoever administers the town besides: its own administrator holds no grant in these tests unless given one.
    assert {refuge.first.pk, refuge.second.pk} <= told
    assert not told & {chief.pk for chief in refuge.chiefs}
    mail.outbox.clear()
    with as_worker():
        assert send_notices() == len(told)
    letter = mail.outbox[0]
    assert "opened a protected record in an emergency" in letter.body
    assert "/shields/" in letter.body
    for hidden in ("Amina", "Hussain", refuge.officer.name.open(), "Officer"):
        assert hidden not in letter.subject + letter.body


def test_those_who_decide_see_which_child_it_was_and_who_did_it(refuge: Refuge) -> None:
    refuge.opens(factories.actor_for(refuge.officer))
    actor = factories.actor_for(refuge.first)
    (listed,) = list_shields(actor=actor).overrides
    (read,) = read_shield(actor=actor, child_id=refuge.child.pk).overrides
    assert (listed.child_id, read.user_id, read.reason) == (refuge.child.pk, refuge.officer.pk, ShieldOverride.LIFE)
    assert list_shields(actor=factories.actor_for(refuge.chiefs[0])).overrides == []


def refused(refuge: Refuge, actor: factories.Actor) -> None:
    """It is, and nothing is left of it."""
    before = (len(overrides()), len(cases()), len(events(kind=EventKind.SHIELD_OVERRIDDEN)))
    with pytest.raises(NotOverriddenError):
        open_in_emergency(actor=actor, child_id=refuge.child.pk, reason=ShieldOverride.LIFE)
    assert (len(overrides()), len(cases()), len(events(kind=EventKind.SHIELD_OVERRIDDEN))) == before


def test_the_factor_is_shown_anew_after_the_warning_each_time(refuge: Refuge) -> None:
    actor = factories.actor_for(refuge.officer)
    confirms(actor)
    refused(refuge, actor)  # no warning was read
    warn(actor=actor, child_id=refuge.child.pk)
    assert not has_confirmed_for(refuge.child.pk)
    refused(refuge, actor)  # shown before the warning: at the sign-in, seconds ago
    confirms(actor)
    assert has_confirmed_for(refuge.child.pk)
    open_in_emergency(actor=actor, child_id=refuge.child.pk, reason=ShieldOverride.LIFE)
    assert not has_confirmed_for(refuge.child.pk)
    refused(refuge, actor)  # it is used
    confirms(actor)
    refused(refuge, actor)  # the warning was read before the last time
    warn(actor=actor, child_id=refuge.child.pk)
    refused(refuge, actor)
    confirms(actor)
    open_in_emergency(actor=actor, child_id=refuge.child.pk, reason=ShieldOverride.TAKEN)
    assert len(overrides()) == 2


def test_the_factor_is_for_the_child_of_the_warning_and_of_the_last_minutes(refuge: Refuge) -> None:
    actor = factories.actor_for(refuge.officer)
    with as_owner_here():
        (other,) = factories.children(
            factories.draft(authority=refuge.town.authority, shielded_since=factories.today())
        )
    warn(actor=actor, child_id=other.pk)
    confirms(actor)
    refused(refuge, actor)
    warn(actor=actor, child_id=refuge.child.pk)
    confirms(actor)
    confirmed_before(actor, 7)
    assert not has_confirmed_for(refuge.child.pk)


def test_of_a_child_who_is_not_protected_any_more_nothing_is_overridden(refuge: Refuge) -> None:
    actor = factories.actor_for(refuge.officer)
    assert warn(actor=actor, child_id=refuge.child.pk).shielded
    confirms(actor)
    with as_owner_here():
        Shield.objects.all().delete()
    refused(refuge, actor)


@pytest.mark.parametrize("who", ["colleague", "teacher_with_a_grant", "run_out", "taken", "mediator_with_a_grant"])
def test_nobody_overrides_without_the_right(refuge: Refuge, who: str) -> None:
    person = refuge.officer
    with as_owner_here():
        if who == "colleague":
            person = factories.user(works_for=refuge.officer.organisation)
        elif who == "teacher_with_a_grant":
            person = refuge.town.teacher
            grants.grant(person, grants.OVERRIDE, person.organisation)
        elif who == "mediator_with_a_grant":
            person = factories.user(works_for=refuge.town.authority, role=Role.MEDIATOR)
            grants.grant(person, grants.OVERRIDE, person.organisation)
        elif who == "run_out":
            Grant.objects.filter(user=person).update(expires_on=factories.today() - timedelta(days=1))
    if who == "taken":
        take_override(actor=factories.actor_for(refuge.chiefs[0]), user_id=person.pk)
    actor = factories.actor_for(person)
    with pytest.raises(NotPermittedError):
        open_in_emergency(actor=actor, child_id=refuge.child.pk, reason=ShieldOverride.LIFE)
    assert overrides() == []
    assert events(kind=EventKind.SHIELD_OVERRIDDEN) == []


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("reason_is_known", "reason = 'made_up'"),
        ("confirmed_before", "confirmed_at = at + interval '1 second'"),
    ],
)
def test_the_table_holds_to_it_by_itself(refuge: Refuge, constraint: str, change: str) -> None:
    refuge.opens(factories.actor_for(refuge.officer))
    with (
        pytest.raises(IntegrityError, match=f"registry_override_{constraint}"),
        as_owner_here(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE registry_override SET {change}")


def test_one_showing_of_the_factor_serves_for_one_override_by_the_table_itself(refuge: Refuge) -> None:
    refuge.opens(factories.actor_for(refuge.officer))
    (made,) = overrides()
    made.pk, made.event_id = None, made.event_id + 1
    with pytest.raises(IntegrityError, match="each_with_a_factor_of_its_own"), as_owner_here():
        made.save(force_insert=True)
