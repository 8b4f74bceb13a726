"""A page and its twin in the API come to the same: of an entry, its correction, its end and its withdrawal."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse

from access.models import VettingItem
from audit.reasons import Mistake
from registry.models import Involvement, Shield
from registry.values import InvolvementDetails
from registry.vocabulary import Service
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.api.asking import ENTRY, Asking, system_of
from tests.integration.registry.conftest import add, town  # noqa: F401 - fixtures
from tests.integration.registry.people import AddChildren, Town, draft, involvement
from tests.integration.registry.visiting import text_of
from tests.sweeps.test_api_twins import Reader

# By words of the page, what came of it.
SAID = {
    "Involvement recorded": "done",
    "Involvement corrected": "done",
    "Involvement ended": "done",
    "Involvement withdrawn": "done",
    "There is a problem": "invalid",
    "Another organisation has the lead professional": "lead_taken",
    "The lead professional for this child cannot be changed here": "lead_taken",
    "You cannot do this": "not_permitted",
    "You have reached your limit": "over_budget",
    "Your access has stopped": "not_vetted",
}
TOMORROW = factories.today() + timedelta(days=1)

Happens = Callable[[int, Reader], object]


@pytest.fixture
def db(own_database: str) -> None:
    """Here every test commits: what an event allows is read after it is committed."""


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def as_typed(sent: dict[str, Any]) -> dict[str, str]:
    """What is sent to the API, as it is typed into the page."""
    typed: dict[str, str] = {}
    for name, value in sent.items():
        if name.endswith("_on"):
            typed |= boxes(name, date.fromisoformat(value))
        else:
            typed[name] = {True: "yes", False: "no"}.get(value, value)
    return typed


def on_page(reader: Reader, child_id: int, what: str, number: int, sent: dict[str, Any]) -> str:
    """What comes of it on the pages, to somebody who gave a reason before."""
    reference, visitor = reader.at_page(child_id), reader.visitor
    more = () if what == "record" else (number,)
    address = reverse(f"{what}_involvement", args=[reference, *more])
    page = visitor.get(address)
    if page.status_code == 200:
        page = visitor.fill(address, **as_typed(sent))
        if "Check your answers" in text_of(page):
            page = visitor.save(page, reference)
    (said,) = {code for words, code in SAID.items() if words in text_of(page)}
    return said


def in_system(reader: Reader, child_id: int, what: str, number: int, sent: dict[str, Any]) -> str:
    """What comes of it by the API."""
    asking, child = reader.asking, reader.in_system(child_id)
    one = f"/children/{child}/involvements/{number}"
    tag = {"If-Match": '"1"'}
    answer: HttpResponse
    if what == "record":
        answer = asking.ask("POST", f"/children/{child}/involvements", sent, headers={"Idempotency-Key": str(child_id)})
    elif what == "correct":
        answer = asking.ask("PUT", one, sent, headers=tag)
    else:
        answer = asking.ask("POST", f"{one}/{what}", sent, headers=tag)
    return "done" if answer.status_code in (200, 201, 204) else str(answer.json()["code"])


def nothing(child_id: int, reader: Reader) -> None:
    """Nothing in between."""


def protected(child_id: int, reader: Reader) -> None:
    authority, today = reader.asking.system.organisation, factories.today()
    with as_owner_here():
        Shield.objects.create(child_id=child_id, authority=authority, started_on=today, review_on=TOMORROW)


def spent(child_id: int, reader: Reader) -> None:
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_budget SET hourly = 0 WHERE measure = 'identities'")


def lapsed(child_id: int, reader: Reader) -> None:
    with as_owner_here():
        VettingItem.objects.filter(user=reader.asking.person).delete()


def kept(child_id: int) -> list[tuple[InvolvementDetails, bool, Mistake | None]]:
    """All that stands on the record now, or stood there: values, who leads, and why it was withdrawn."""
    with as_owner_here():
        rows = list(Involvement.objects.filter(child_id=child_id).order_by("pk"))
        return [(row.details.open(), row.lead, _why_withdrawn(row)) for row in rows]


def _why_withdrawn(row: Involvement) -> Mistake | None:
    withdrawal = row.withdrawal.open()
    return withdrawal.reason if withdrawal else None


END, MISTAKE = {"ended_on": "2025-03-01"}, {"mistake": "twice"}


@pytest.mark.parametrize(
    ("what", "sent", "who", "happens", "outcome"),
    [
        ("record", ENTRY, "teacher", nothing, "done"),
        ("record", ENTRY | {"started_on": TOMORROW.isoformat()}, "teacher", nothing, "invalid"),
        ("record", ENTRY | {"started_on": "2016-01-01"}, "teacher", nothing, "invalid"),
        ("record", ENTRY | {"service": "early_help"}, "social_worker", nothing, "done"),
        ("record", ENTRY | {"service": "gp"}, "social_worker", nothing, "invalid"),
        ("record", ENTRY | {"lead": True}, "teacher", nothing, "lead_taken"),
        ("record", ENTRY, "teacher", protected, "not_permitted"),
        ("record", ENTRY, "teacher", spent, "over_budget"),
        ("record", ENTRY, "teacher", lapsed, "not_vetted"),
        ("correct", ENTRY, "teacher", nothing, "done"),
        ("correct", ENTRY | {"started_on": TOMORROW.isoformat()}, "teacher", nothing, "invalid"),
        ("correct", ENTRY | {"lead": True}, "teacher", nothing, "lead_taken"),
        ("correct", ENTRY, "social_worker", nothing, "not_permitted"),
        ("end", END, "teacher", nothing, "done"),
        ("end", {"ended_on": TOMORROW.isoformat()}, "teacher", nothing, "invalid"),
        ("end", {"ended_on": "2016-01-01"}, "teacher", nothing, "invalid"),
        ("end", END, "teacher", spent, "over_budget"),
        ("withdraw", MISTAKE, "teacher", nothing, "done"),
        ("withdraw", {"mistake": "no_basis"}, "teacher", nothing, "invalid"),
        ("withdraw", MISTAKE, "social_worker", nothing, "not_permitted"),
        ("withdraw", MISTAKE, "teacher", lapsed, "not_vetted"),
    ],
)
def test_page_and_api_come_to_the_same(
    town: Town,  # noqa: F811
    add: AddChildren,  # noqa: F811
    what: str,
    sent: dict[str, Any],
    who: str,
    happens: Happens,
    outcome: str,
) -> None:
    """Of the same entry about two children of whom the same is known, one on the page and one by the API."""
    known = [(False, involvement(town.school, Service.SCHOOL)), (True, involvement(town.police, Service.POLICE))]
    children = [add(draft(town, involvements=known))[0].pk for _ in range(2)]
    person = getattr(town, who)
    reader = Reader.of(person, Asking(system_of(town.authority), person))
    before = [kept(each) for each in children]
    assert before[0] == before[1]
    reader.visitor.give_reason(reader.at_page(children[0]))
    with as_owner_here():
        numbers = [Involvement.objects.filter(child=each).order_by("pk")[0].pk for each in children]
    for child_id in children:
        happens(child_id, reader)
    came = [
        way(reader, child_id, what, number, sent)
        for way, child_id, number in zip((on_page, in_system), children, numbers, strict=True)
    ]
    assert came == [outcome, outcome]
    after = [kept(each) for each in children]
    assert after[0] == after[1]
    assert (after == before) == (outcome != "done")
