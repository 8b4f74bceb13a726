"""However much one session does, a page of the log examines each of its events a few times and not each for each."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.models import User
from audit import reading as audit_reading
from audit.alerts import raise_alert
from audit.events import Alert, EventKind, Outcome
from audit.reading import TookTooLongError, reading
from audit.recorder import About
from audit.watch import WATCH
from contactpoint.roles import WORKER
from review.policies import authorities_of
from review.selectors import visits
from review.selectors.case_pages import contents_of
from review.selectors.entries import Filter
from review.selectors.visits import Place
from tests import factories
from tests.acting import acting_as
from tests.conftest import as_owner_here
from tests.integration.review.casework import case_about
from tests.integration.review.reading import asked, opened, recorded, text_of

FLOOD = 3_000
CHILDREN, DAYS = 300, 3
TRAWLED = """
    insert into review_finding
        (case_id, person_id, rule, day, child_id, event_id, at, authority_id, bits, counts, codes)
    select case_id, person_id, rule, day - n %% %s, 100000 + n, event_id, at, authority_id, bits, counts, codes
    from (select * from review_finding limit 1) as found, generate_series(1, %s) as n
"""
# As the first: refused again and again, in the same session.
REPEATED = """
    insert into audit_event select (jsonb_populate_record(event, jsonb_build_object(
        'id', nextval('audit_event_id_seq'), 'at', event.at + n * interval '1 millisecond'
    ))).* from audit_event event, generate_series(1, %s) as n where event.id = %s
"""


@pytest.fixture
def flood(teacher: User) -> None:
    actor = factories.actor_for(teacher)
    first = recorded(EventKind.ACCESS_REFUSED, About(fields=["records"]), actor=actor, outcome=Outcome.NOT_PERMITTED)
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(REPEATED, [FLOOD, first])
        cursor.execute("analyze audit_event")


def examined(plan: dict[str, Any]) -> int:
    """Rows that the plan looked at, also those that it dropped."""
    dropped = sum(number for name, number in plan.items() if name.startswith("Rows Removed"))
    own = (plan["Actual Rows"] + dropped) * plan["Actual Loops"] if "Relation Name" in plan else 0
    return int(own) + sum(examined(part) for part in plan.get("Plans", ()))


def plans(auditor: User, wanted: Filter) -> Iterator[dict[str, Any]]:
    actor = factories.actor_for(auditor)
    authorities = authorities_of(actor)
    with reading(actor), CaptureQueriesContext(connection) as made:
        assert visits.visits(authorities, wanted, Place()).visits
    for query in made.captured_queries:
        if "audit_event" in query["sql"]:
            with reading(actor), connection.cursor() as cursor:
                cursor.execute(f"explain (analyze, format json) {query['sql']}")
                ((told,),) = cursor.fetchall()
            yield (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]


@pytest.mark.parametrize("of_person", [False, True], ids=["all", "of a person"])
def test_flood_is_looked_through_once(auditor: User, teacher: User, flood: None, of_person: bool) -> None:
    wanted = Filter(person_id=teacher.pk) if of_person else Filter(kind=EventKind.ACCESS_REFUSED)

    assert sum(examined(plan) for plan in plans(auditor, wanted)) < 20 * FLOOD


def test_alerts_of_everybody_are_found_past_the_flood(auditor: User, flood: None) -> None:
    with acting_as(WORKER):
        raise_alert(Alert.UNSEALED, actor=WATCH)

    found = list(plans(auditor, Filter(kind=EventKind.ALERT_RAISED)))

    assert sum(map(examined, found)) < 100


@pytest.mark.parametrize("kind", [kind for kind in EventKind if not kind.startswith("alert.")])
def test_what_is_nobodys_is_not_looked_for_among_what_is_somebodys(auditor: User, kind: EventKind) -> None:
    actor = factories.actor_for(auditor)
    authorities = authorities_of(actor)
    with reading(actor), CaptureQueriesContext(connection) as made:
        visits.visits(authorities, Filter(kind=kind), Place())

    assert [query for query in made.captured_queries if "alert.raised" in query["sql"]] == []


@pytest.mark.parametrize("by_record", [False, True])
def test_events_that_were_found_are_not_looked_up_again(
    auditor: User, teacher: User, flood: None, by_record: bool
) -> None:
    """By their ids, in each month that there is."""
    opened(teacher)
    wanted = Filter(child_id=4711) if by_record else Filter(person_id=auditor.pk)

    *_, found = plans(auditor, wanted)

    assert [name for name in indexes_of(found) if "pkey" in name] == []


def indexes_of(plan: dict[str, Any]) -> Iterator[str]:
    if "Index Name" in plan:
        yield plan["Index Name"]
    for part in plan.get("Plans", ()):
        yield from indexes_of(part)


def test_reading_that_takes_too_long_ends(auditor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_reading, "LONGEST", "50ms")
    actor = factories.actor_for(auditor)
    with pytest.raises(TookTooLongError), reading(actor), connection.cursor() as cursor:
        cursor.execute("select pg_sleep(5)")
    with reading(actor):
        pass
    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(0.1)")


@pytest.mark.parametrize("apart", [{}, {"apart": "on"}], ids=["visits", "apart"])
def test_log_that_takes_too_long_says_what_to_ask_instead(
    visitor: Client, teacher: User, monkeypatch: pytest.MonkeyPatch, apart: dict[str, str]
) -> None:
    opened(teacher)
    slow(monkeypatch)

    said = text_of(asked(visitor, kind=EventKind.CHILD_OPENED.value, **apart))

    assert "Looking for this takes too long. Choose fewer days" in said
    assert f'value="{EventKind.CHILD_OPENED.value}" selected' in asked(visitor, kind="child.opened").content.decode()


def test_other_page_that_takes_too_long_says_so(
    visitor: Client, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = opened(teacher)
    slow(monkeypatch)

    page = visitor.get(reverse("visit", args=[event]))

    assert page.status_code == 409
    assert "looking through it takes too long. Filter the log by a few days." in text_of(page)


def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for visits takes longer than a page may."""
    monkeypatch.setattr(audit_reading, "LONGEST", "100ms")
    monkeypatch.setattr(visits, "WITHIN", f"pg_sleep(1) is not null and {visits.WITHIN}")
    monkeypatch.setattr(visits, "_conditions", lambda *_: "pg_sleep(1) is not null")


def test_case_of_somebody_who_trawled_is_asked_for_by_days_and_not_by_each_child(auditor: User, teacher: User) -> None:
    case = case_about(teacher, rules=("same_home",))
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(TRAWLED, [DAYS, CHILDREN])

    with reading(factories.actor_for(auditor)), CaptureQueriesContext(connection) as made:
        contents = contents_of(case.pk)

    assert contents.found[0].children == CHILDREN + 1
    assert max(query["sql"].count('"day" = ') for query in made.captured_queries) == DAYS
