"""My own access history: one's own doings and what was done in one's name, nobody else's, and the reading recorded."""

import re
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.models import Role
from access.people.actions.history import ON_A_PAGE, read_own_history
from audit.actors import Process
from audit.alerts import raise_alert
from audit.errors import NoLiveSessionError, refusals
from audit.events import Alert, EventKind
from audit.reasons import Reason
from audit.recorder import About, record, record_each, record_first
from registry.actions.finding import open_record
from registry.models import Child
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.people import AddChildren, Town, full_draft
from tests.integration.registry.visiting import Visitor, rows_of, text_of
from tests.log import events, last_event

HISTORY = reverse("my_history")


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    return add(full_draft(town))[0]


def test_history_tells_what_its_reader_did(town: Town, child: Child) -> None:
    teacher = Visitor(town.teacher)
    teacher.opened()
    page = text_of(teacher.get(HISTORY))
    rows = rows_of(page)

    assert any("You Record opened" in row and "Open" in row for row in rows)
    assert any("You Search results shown 1 shown" in row for row in rows)
    assert any("You Signed in" in row for row in rows)
    assert "You Own access history read" in rows[0], "the reading itself stands first"
    assert re.search("Amina|Hussain", page) is None
    assert f"record {child.pk}" not in page, "the log's number of the record is the auditor's"


def test_history_tells_signing_in_to_a_system_from_signing_in_to_a_browser(town: Town) -> None:
    with as_owner_here():
        first, second = (factories.user(role=Role.ADMINISTRATOR, works_for=town.authority) for _ in range(2))
        system = factories.client_system(town.authority, asked_by=first, accredited_by=second)
    factories.token_in(system, town.teacher)
    rows = rows_of(text_of(Visitor(town.teacher).get(HISTORY)))

    signed_in = [row for row in rows if "You Signed in" in row]
    assert sum("Signed in, in a system that looks things up in your name" in row for row in signed_in) == 1
    assert len(signed_in) > 1
    assert any("You Client system let act for somebody" in row for row in rows)


def test_names_are_read_where_the_committed_reading_is_shown(town: Town, child: Child) -> None:
    """In the action, and so in the transaction that shows its event; the page reads nothing more."""
    open_record(actor=town.actor("mediator"), child_id=child.pk, reason=Reason.SAFEGUARDING)
    actor = town.actor("colleague")
    with CaptureQueriesContext(connection) as captured:
        page = read_own_history(actor=actor)
    assert page.names == {person.pk: person.name.open() for person in (town.mediator, town.colleague)}
    expected = [
        *("BEGIN", "audit_record", "COMMIT"),
        *("BEGIN", "access_show_ticket", "access_history_of", "FROM access_names_of", "COMMIT"),
    ]
    assert [part for part, query in zip(expected, captured, strict=True) if part not in query["sql"]] == []


def test_history_leads_back_to_a_record_through_its_reason(town: Town, child: Child) -> None:
    teacher = Visitor(town.teacher)
    teacher.opened()
    (again, *_) = re.findall(r'href="(/record/[^"]+)"', text_of(teacher.get(HISTORY)))

    assert "Why do you need to open this record?" in text_of(teacher.get(again))
    assert last_event().kind == EventKind.CHILD_SHOWN


def test_history_holds_nothing_of_anybody_else(town: Town, child: Child) -> None:
    open_record(actor=town.actor("colleague"), child_id=child.pk, reason=Reason.SAFEGUARDING)
    rows = rows_of(text_of(Visitor(town.teacher).get(HISTORY)))

    assert not any("Record opened" in row for row in rows)


def test_history_keeps_from_its_reader_that_somebody_looks_into_them(town: Town) -> None:
    administrator = town.actor("administrator")
    with transaction.atomic():
        record(EventKind.PEOPLE_LISTED, About(user_id=town.teacher.pk), actor=administrator)
        raise_alert(Alert.OVER_BUDGET, user_id=town.teacher.pk, actor=Process("budgets"))
    rows = rows_of(text_of(Visitor(town.teacher).get(HISTORY)))

    assert not any("Alert" in row or "List of people" in row for row in rows)


def test_colleague_reads_what_was_done_in_their_name_and_by_whom(town: Town, child: Child) -> None:
    open_record(actor=town.actor("mediator"), child_id=child.pk, reason=Reason.ENQUIRY)
    rows = rows_of(text_of(Visitor(town.colleague).get(HISTORY)))

    (opened,) = [row for row in rows if "Record opened" in row]
    assert f"{town.mediator.name.open()}, in your name" in opened
    assert "child protection enquiry" in opened
    assert any(EventKind.MEDIATION_BEGUN.label in row for row in rows)


def test_mediator_reads_for_whom_and_opens_nothing_from_there(town: Town, child: Child) -> None:
    open_record(actor=town.actor("mediator"), child_id=child.pk, reason=Reason.ENQUIRY)
    page = text_of(Visitor(town.mediator).get(HISTORY))

    assert any(f"You, for {town.colleague.name.open()} Record opened" in row for row in rows_of(page))
    assert "/record/" not in page


def test_failed_sign_in_as_oneself_is_told(town: Town) -> None:
    factories.with_password(town.teacher, password="not the password")
    rows = rows_of(text_of(Visitor(town.teacher).get(HISTORY)))

    assert any("Somebody at the sign-in page Sign-in failed" in row for row in rows)


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_their_own_and_it_is_recorded(town: Town, role: Role) -> None:
    with as_owner_here():
        person = factories.user(role=role, works_for=town.authority)

    assert factories.signed_in(person).get(HISTORY).status_code == 200
    event = last_event()
    assert (event.kind, event.actor_id, event.user_id) == (EventKind.HISTORY_READ, person.pk, person.pk)


def test_history_is_read_page_by_page_and_nothing_twice(town: Town) -> None:
    actor = town.actor("teacher")
    with transaction.atomic():
        record_each(EventKind.PEOPLE_LISTED, [About() for _ in range(2 * ON_A_PAGE)], actor=actor)
    teacher = Visitor(town.teacher)

    seen: list[str] = []
    address = HISTORY
    while address:
        page = text_of(teacher.get(address))
        seen += rows_of(page)
        older = re.search(r'href="(\?before=\d+)">Older', page)
        address = f"{HISTORY}{older[1]}" if older else ""
    assert len([row for row in seen if "List of people read" in row]) == 2 * ON_A_PAGE


@pytest.mark.parametrize("before", ["", "x", "-1", "1.5", "9" * 30, "²", "%00"])
def test_pages_that_are_not_there_are_not_found(town: Town, before: str) -> None:
    assert Visitor(town.teacher).get(f"{HISTORY}?before={before}").status_code == 404


def test_page_before_everything_is_empty(town: Town) -> None:
    assert "Nothing older is there" in text_of(Visitor(town.teacher).get(f"{HISTORY}?before=0"))


# ------------------------------------------------------------------------------------------------- in the database


def test_history_is_given_after_its_event_alone_and_to_its_own_session(town: Town) -> None:
    teacher, colleague = town.actor("teacher"), town.actor("colleague")
    with pytest.raises(NoLiveSessionError), refusals():
        _ids()
    ticket = record_first(EventKind.HISTORY_READ, About(user_id=teacher.user_id), actor=teacher)
    for key in (colleague.session_key, "", "0" * 32):
        with pytest.raises(NoLiveSessionError), replace(ticket, shown_key=key).shown():
            _ids()
    with ticket.shown():
        assert ticket.event_id in _ids()
    other = record_first(EventKind.PEOPLE_LISTED, About(), actor=town.actor("administrator"))
    with pytest.raises(NoLiveSessionError), refusals(), other.shown():
        _ids()


def _ids() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM access_history_of(%s, 100)", [2**62])
        return [event_id for (event_id,) in cursor.fetchall()]


def test_stranger_reads_no_history(person_without_session: Client) -> None:
    assert person_without_session.get(HISTORY).url.startswith(reverse("account_login"))
    assert events(kind=EventKind.HISTORY_READ) == []


@pytest.fixture
def person_without_session(town: Town) -> Client:
    return Client()
