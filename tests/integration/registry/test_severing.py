"""What the worker does with a new identity, and that nothing which stays behind links the two records."""

import re
from datetime import date
from unittest import mock

import pytest
from django.db import DatabaseError, connection
from django.test import override_settings

from access.models import Role
from audit.events import EventKind
from audit.reading import reading
from audit.reasons import Reason
from audit.recorder import About
from encryption.errors import KeyMissingError, ValueDamagedError
from registry.actions.children import free_numbers
from registry.actions.finding import open_record
from registry.models import Child, ChildTraits, IdentityRequest, NewIdentity, Shield
from registry.protection import escrow, new_identity
from registry.rules.numbers import OWN, number_fingerprint
from registry.search.index.filing import living
from registry.search.index.rebuilding import file_block
from registry.selectors.severed import Severed, is_severed
from registry.traits.rebuilding import make_block
from registry.worker import severing
from registry.worker.refiling import file_anew
from review.policies import about_number
from tests import factories
from tests.acting import acting_as
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import BORN, NHS_NUMBER, PUPIL_NUMBER, AddChildren, Town, draft, full_draft
from tests.integration.registry.severing import Desk, build_desk, make, number_of, sever, severed
from tests.integration.registry.shielding import build_office, file_shielded
from tests.log import events

TOKENS = "SELECT tokens FROM search.child_token WHERE child_id = %s"


@pytest.fixture
def desk(town: Town, add: AddChildren) -> Desk:
    (child,) = add(full_draft(town))
    with as_owner_here():
        office = build_office(town, child)
    return build_desk(office)


@pytest.fixture
def approved(desk: Desk) -> Desk:
    """Asked for and approved, and not yet closed."""
    desk.ask()
    file_shielded()
    desk.approve()
    return desk


def read_as_owner(statement: str, *arguments: object) -> list[tuple[object, ...]]:
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return list(cursor.fetchall())


def test_what_is_wanted_is_opened_by_the_worker_and_not_where_it_was_typed(approved: Desk) -> None:
    with as_worker():
        stored = bytes(IdentityRequest.objects.get().wanted or b"")
        opened = new_identity.open_wanted(stored, child_id=approved.child_id)
        assert (opened.given, opened.family, opened.date_of_birth) == ("Wren", "Alderton", BORN)
        with pytest.raises(ValueDamagedError):
            new_identity.open_wanted(stored, child_id=approved.child_id + 1)
    with pytest.raises(KeyMissingError):
        new_identity.open_wanted(stored, child_id=approved.child_id)


def test_what_was_asked_for_another_child_makes_no_record(approved: Desk, add: AddChildren) -> None:
    (other,) = add(draft(approved.office.town, "Bo"))
    with as_worker():
        stored = bytes(IdentityRequest.objects.get().wanted or b"")
    read_as_owner("UPDATE registry_identityrequest SET child_id = %s RETURNING id", other.pk)
    assert sever() == 0
    with as_worker():
        assert not NewIdentity.objects.exists()
        assert not is_severed(other.pk)
        assert bytes(IdentityRequest.objects.get().wanted or b"") == stored


def test_closing_and_making_share_no_transaction_and_no_fact_in_clear(approved: Desk) -> None:
    assert sever() == 1
    # What waits has no number of the old record, and the request has nothing left of the new one.
    columns = read_as_owner(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'registry_newidentity' ORDER BY 1"
    )
    assert columns == [("id",), ("severed_on",), ("wanted",)]
    with as_worker():
        assert IdentityRequest.objects.get().wanted is None
    (new,) = make()
    closed, added = events(kind=EventKind.IDENTITY_SEVERED)[0], events(kind=EventKind.CHILD_ADDED, child_id=new)[0]
    assert closed.transaction_id != added.transaction_id
    # It comes as any other child does: of nobody's authority, and by the name under which feeds add theirs.
    assert (added.process, added.authority_id, added.organisation_id, added.fields) == ("adding", None, None, [])
    assert str(new) not in "".join(closed.fields)
    assert not events(fields__contains=[str(new)])


def test_one_that_cannot_be_closed_keeps_no_other_from_it(approved: Desk) -> None:
    with mock.patch.object(escrow, "keep", side_effect=ValueDamagedError("damaged")):
        assert sever() == 0
    with as_worker():
        assert not is_severed(approved.child_id)
        assert not NewIdentity.objects.exists()
    assert sever() == 1


def test_a_record_that_cannot_be_made_is_tried_again(approved: Desk) -> None:
    sever()
    with mock.patch.object(severing, "add_children", side_effect=ValueError):
        assert make() == []
    assert len(make()) == 1
    assert make() == []


def test_a_number_that_is_promised_is_given_to_nobody_else(approved: Desk) -> None:
    sever()
    with as_worker():
        (promised,) = new_identity.promised_numbers()
        with mock.patch("registry.actions.children.make_own_number", side_effect=[promised, "12345678903"]):
            assert free_numbers(1) == ["12345678903"]
    (new,) = make()
    assert number_of(new) == promised


def test_search_and_comparison_lose_the_old_record_and_no_work_brings_it_back(approved: Desk) -> None:
    old = approved.child_id
    (before,) = read_as_owner(TOKENS, old)
    sever()
    (after,) = read_as_owner(TOKENS, old)
    assert len(set(before[0]) & set(after[0])) < 5  # of 32 at random among some thousands
    with as_worker():
        assert not ChildTraits.objects.filter(child=old).exists()
        Shield.objects.filter(child=old).update(filed_at=None)
        file_anew(old)
        assert make_block(range(old, old + 1), all_of_them=True) == 0
        for epoch in living():
            assert file_block(epoch, range(old, old + 1)) == 0
        assert not ChildTraits.objects.filter(child=old).exists()
        assert not Shield.objects.filter(child=old, filed_at=None).exists()
    assert read_as_owner(TOKENS, old) == [after]


def test_the_two_share_no_token_but_of_the_birth_that_all_of_that_day_share(desk: Desk, add: AddChildren) -> None:
    """By what is left in the index: the old one's tokens are at random."""
    new = severed(desk)
    (old_tokens,) = read_as_owner(TOKENS, desk.child_id)
    (new_tokens,) = read_as_owner(TOKENS, new)
    assert len(set(old_tokens[0]) & set(new_tokens[0])) < 5
    with as_worker():
        assert ChildTraits.objects.filter(child=new).exists()


def test_a_closed_record_stays_closed(desk: Desk) -> None:
    severed(desk)
    with pytest.raises(DatabaseError, match="stays closed"), as_worker():
        Child.objects.filter(pk=desk.child_id).update(severed=False)


def test_the_owner_of_the_tables_as_whom_every_function_runs_sees_none_of_it(desk: Desk) -> None:
    severed(desk)
    for statement in (
        "SELECT id FROM registry_child WHERE id = %s",
        "SELECT id FROM registry_childnumber WHERE child_id = %s",
    ):
        assert read_as_owner(statement, desk.child_id) == []
    with as_worker():
        assert Child.objects.filter(pk=desk.child_id).exists()


def test_dates_of_the_new_shield_are_drawn(desk: Desk) -> None:
    with mock.patch.object(severing.secrets, "randbelow", side_effect=lambda most: most - 1):
        new = severed(desk)
    with as_worker():
        made = Shield.objects.get(child=new)
    assert (factories.today() - made.started_on).days == severing.SHIELDED_WITHIN - 1
    assert (made.review_on - factories.today()).days == severing.REVIEWED_WITHIN


def test_an_auditor_finds_the_old_record_by_no_number_any_more_and_is_told_of_none(desk: Desk) -> None:
    with as_owner_here():
        auditor = factories.user(works_for=desk.office.town.authority, role=Role.AUDITOR)
    actor = factories.actor_for(auditor)
    open_record(actor=desk.office.town.actor("social_worker"), child_id=desk.child_id, reason=Reason.SAFEGUARDING)

    def ask(about: About, statement: str, *arguments: object) -> list[tuple[object, ...]]:
        with reading(actor, about), connection.cursor() as cursor:
            cursor.execute(statement, arguments)
            return list(cursor.fetchall())

    def looks_up(expected: int | None) -> None:
        for kind, number in ((OWN, desk.number), ("nhs", NHS_NUMBER), ("upn", PUPIL_NUMBER)):
            about = about_number(actor, kind, number, {})
            found = ask(about, "SELECT review_child_of_number(%s, %s)", kind, number_fingerprint(kind, number))
            assert found == [(expected,)], kind
        named = [each.pk for each in events(child_id=desk.child_id)]
        told = ask(About(), "SELECT child_id FROM review_numbers_of(%s)", named)
        assert told == ([(expected,)] if expected else [])

    looks_up(desk.child_id)
    severed(desk)
    looks_up(None)


# What feeds (rows of other services) rely on -------------------------------------------------------------------


def test_a_match_with_a_closed_record_is_known_for_one(desk: Desk) -> None:
    new = severed(desk)
    with as_worker():
        assert is_severed(desk.child_id)
        assert not is_severed(new)
        assert not is_severed(987_654)


def test_a_row_under_the_old_identity_finds_the_closed_record_and_never_the_new_one(desk: Desk) -> None:
    severed(desk)
    with as_worker():
        known = Severed()
        for row in (
            {"given": "Amina", "family": "Hussain", "date_of_birth": BORN},
            {"given": "AMINA JANE", "family": "hussain-lee", "date_of_birth": BORN},
            {"given": "Amina", "family": "Malik", "date_of_birth": BORN},  # a former name
            {"given": "Somebody", "family": "Else", "date_of_birth": None, "numbers": [("nhs", NHS_NUMBER)]},
            {"given": "Somebody", "family": "Else", "date_of_birth": BORN, "numbers": [("upn", PUPIL_NUMBER)]},
            {"given": "Somebody", "family": "Else", "date_of_birth": BORN, "numbers": [(OWN, desk.number)]},
        ):
            assert known.like(**row) == [desk.child_id]  # type: ignore[arg-type]


def test_a_row_under_the_new_identity_does_not_lead_to_the_closed_record(desk: Desk) -> None:
    new = severed(desk)
    with as_worker():
        known = Severed()
        for row in (
            {"given": "Wren", "family": "Alderton", "date_of_birth": BORN},
            {"given": "Amina", "family": "Alderton", "date_of_birth": BORN},  # a given name is often kept
            {"given": "Amina", "family": "Hussain", "date_of_birth": date(2016, 4, 9)},
            {"given": "Wren", "family": "Alderton", "date_of_birth": BORN, "numbers": [(OWN, number_of(new))]},
        ):
            assert known.like(**row) == []  # type: ignore[arg-type]


def test_the_sequencer_sees_no_number_and_the_worker_no_link(desk: Desk) -> None:
    severed(desk)
    with as_worker(), pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("SELECT link FROM registry_escrow")
    ((row, link),) = read_as_owner("SELECT id, link FROM registry_escrow")
    place = escrow._place(int(str(row)))
    with as_worker(), pytest.raises(KeyMissingError):
        escrow.unlock(bytes(link), place, escrow.Purpose.ESCROW)  # type: ignore[call-overload]
    with override_settings(KEYRING_HOLDER="sequencer"):
        inner = escrow.unlock(bytes(link), place, escrow.Purpose.ESCROW)  # type: ignore[call-overload]
        with pytest.raises(KeyMissingError):
            escrow.open_answer(inner, row=int(str(row)), version=1)
    assert re.fullmatch(r"\d{11}", escrow.open_answer(inner, row=int(str(row)), version=1))
    with acting_as("contactpoint_sequencer"), pytest.raises(DatabaseError, match="permission denied"):
        Child.objects.exists()
