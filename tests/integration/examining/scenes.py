"""Children and people of the log that is examined, what they did, and what came of it."""

from datetime import timedelta
from typing import Any

from access.models import OrganisationKind
from audit.events import EventKind
from registry.traits.values import Involved
from review.models import Explanation, Finding
from tests.integration.examining.history import (
    AUTHORITY,
    COLLEAGUE,
    MONDAY,
    OTHER_SCHOOL,
    SCHOOL,
    TEACHER,
    History,
)

PUPIL, STRANGER, AT_HOME = 1000, 1001, 1002
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE = MONDAY.date().toordinal() - 300


def fill(history: History) -> None:
    """A pupil, a child of another school, and one who lives with the teacher and is nobody's."""
    history.child(PUPIL, involved=(Involved(SCHOOL, 1, SINCE, 0),))
    history.child(STRANGER, involved=(Involved(OTHER_SCHOOL, 1, SINCE, 0),))
    history.child(AT_HOME, homes=(5,), postcodes=(6,))
    history.server.execute("DELETE FROM access_user WHERE id = %s", [TEACHER])
    history.person(TEACHER, homes=(5,), postcodes=(6,))


def several_days(history: History, *, days: range = range(28)) -> None:
    """Two people, four weeks or some days of them, everything that is kept."""
    if days.start == 0:
        fill(history)
        history.server.execute("DELETE FROM access_user WHERE id = %s", [COLLEAGUE])
        history.person(COLLEAGUE, telephones=(8,))
        history.child(1003, telephones=(8,), homes=(9,), postcodes=(6,))
    for number in days:
        at = DAY * number
        trail = f"00000000-0000-4000-8000-{number:012}"
        history.event(EventKind.CHILD_LISTED, child_id=None, shown=[PUPIL, AT_HOME], trail=trail, after=at)
        history.event(child_id=PUPIL, after=at + HOUR)
        history.event(child_id=(AT_HOME, STRANGER, 1003)[number % 3], after=at + HOUR * 2, session_id=8)
        history.event(EventKind.CHILD_SHOWN, child_id=1003, actor_id=COLLEAGUE, after=at + HOUR * 3)
        history.event(child_id=1003, actor_id=COLLEAGUE, after=at + HOUR * 3)
        if number % 3 == 0:
            at_four = at + HOUR * 4
            history.event(EventKind.CHILD_LISTED, child_id=None, shown=[4, AT_HOME], session_id=9, after=at_four)
            history.event(child_id=AT_HOME, session_id=9, after=at_four + timedelta(minutes=1))
        if number % 5 == 0:
            history.event(EventKind.INVOLVEMENT_RECORDED, child_id=STRANGER, after=at + HOUR * 5)
            history.event(EventKind.ACCESS_REFUSED, child_id=4, outcome="not_permitted", after=at + HOUR * 6)
        if number % 11 == 0:
            history.event(EventKind.INVOLVEMENT_WITHDRAWN, child_id=STRANGER, after=at + HOUR * 7)
    if days.stop == 28:
        history.event(EventKind.USER_LEFT, actor_id=5, child_id=None, user_id=COLLEAGUE, after=DAY * 28)


def strangers(history: History, number: int, *, first: int = 0, after: timedelta = timedelta()) -> None:
    """So many people of an organisation each open the record, an hour after each other."""
    for each in range(first, first + number):
        history.organisation(600 + each, OrganisationKind.HOSPITAL, AUTHORITY)
        history.person(500 + each, 600 + each)
        history.event(child_id=STRANGER, actor_id=500 + each, organisation_id=600 + each, after=after + HOUR * each)


def forget(history: History) -> None:
    history.server.execute(
        "TRUNCATE review_explanation, review_finding, review_case, review_casework, review_personresult,"
        " review_question, review_tally, review_recorded, review_sampled"
    )
    history.server.execute("UPDATE review_cursor SET before_transaction = '0'")


def different(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """What is in one of them and not in the other."""
    found = {
        name: [row for row in one[name] if row not in other[name]]
        + [row for row in other[name] if row not in one[name]]
        for name in one
        if name != "cursor"
    }
    return {name: rows for name, rows in found.items() if rows}


def states() -> dict[int, str]:
    return dict(Explanation.objects.order_by("event_id").values_list("child_id", "state"))


def counted() -> dict[str, float]:
    return dict(Finding.objects.filter(person_id=TEACHER).values_list("rule", "counts"))
