"""The auditor's list: their own authority's events and no others, each filter, and that reading is recorded."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Grant, Organisation, OrganisationKind, Role, User
from audit.actors import Process
from audit.events import Alert, EventKind, Outcome
from audit.recorder import About, alert, record
from review.views.log import EVENTS_ON_A_PAGE
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.log import events, last_event

LOG = reverse("log")


@pytest.fixture
def council(as_owner: OwnerContext) -> Organisation:
    with as_owner():
        return factories.organisation(kind=OrganisationKind.AUTHORITY)


@pytest.fixture
def auditor(council: Organisation, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(role=Role.AUDITOR, works_for=council)


@pytest.fixture
def teacher(council: Organisation, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(works_for=factories.organisation(authority=council), name="Teacher of this authority")


@pytest.fixture
def stranger(as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(name="Teacher of another authority")


@pytest.fixture
def visitor(auditor: User) -> Client:
    return factories.signed_in(auditor)


def opened(person: User, child_id: int = 4711) -> int:
    about = About(child_id=child_id, reason="s47")
    return record(EventKind.CHILD_OPENED, about, actor=factories.actor_for(person))


def ids(visitor: Client, **query: object) -> list[int]:
    """The events on the page, as their links give them."""
    response = visitor.get(LOG, query)
    assert response.status_code == 200
    marker = f'href="{LOG}'
    links = [part.split('"')[0].strip("/") for part in response.content.decode().split(marker)[1:]]
    return [int(link) for link in links if link.isdigit()]


def test_auditor_sees_own_authority_and_no_other(visitor: Client, teacher: User, stranger: User) -> None:
    ours, theirs = opened(teacher), opened(stranger)

    shown = ids(visitor)

    assert ours in shown
    assert theirs not in shown
    assert "Teacher of another authority" not in visitor.get(LOG).content.decode()


def test_auditor_without_a_grant_sees_nothing(teacher: User, auditor: User, as_owner: OwnerContext) -> None:
    opened(teacher)
    with as_owner():
        Grant.objects.filter(user=auditor).delete()

    assert ids(factories.signed_in(auditor)) == []


@pytest.mark.parametrize("seen_by", ["record", "shown"])
def test_filter_by_record_finds_openings_and_result_lists(visitor: Client, teacher: User, seen_by: str) -> None:
    actor = factories.actor_for(teacher)
    about = About(child_id=9, reason="s47") if seen_by == "record" else About(shown=[8, 9])
    kind = EventKind.CHILD_OPENED if seen_by == "record" else EventKind.CHILD_LISTED
    wanted = record(kind, about, actor=actor)
    opened(teacher, child_id=10)

    assert wanted in ids(visitor, child=9)
    assert wanted not in ids(visitor, child=10)


def test_filter_by_kind(visitor: Client, teacher: User) -> None:
    wanted = opened(teacher)
    record(EventKind.PEOPLE_LISTED, actor=factories.actor_for(teacher))

    assert ids(visitor, kind=EventKind.CHILD_OPENED) == [wanted]


def test_filter_by_person_finds_what_they_did_and_what_was_done_about_them(
    visitor: Client, auditor: User, teacher: User
) -> None:
    did = opened(teacher)
    about = record(EventKind.SIGN_IN_FAILED, About(user_id=teacher.pk), actor=factories.actor_for(auditor))
    signed_in, *_ = events(kind=EventKind.SIGNED_IN, actor_id=teacher.pk)
    other = record(EventKind.ACCESS_REFUSED, actor=factories.actor_for(auditor))

    assert ids(visitor, person=teacher.email.open().upper()) == [about, did, signed_in.pk]
    assert other not in ids(visitor, person=teacher.email.open())


def test_filter_by_day_holds_from_midnight_to_midnight(
    visitor: Client, teacher: User, months_before_the_log: None
) -> None:
    day = factories.today() - timedelta(days=3)
    begins, ends, moment = midnight_of(day), midnight_of(day + timedelta(days=1)), timedelta(microseconds=1)
    before, first, last, after = [happened_at(at, teacher) for at in (begins - moment, begins, ends - moment, ends)]

    from_the_day, to_the_day = boxes("since", day), boxes("until", day)

    assert {last, first, before, after} & {*ids(visitor, **from_the_day, **to_the_day)} == {first, last}
    assert {last, first, before, after} & {*ids(visitor, **from_the_day)} == {first, last, after}
    assert {last, first, before, after} & {*ids(visitor, **to_the_day)} == {before, first, last}


@pytest.fixture
def months_before_the_log(as_owner: OwnerContext) -> None:
    """A log begins in the month in which it was made, which may have been today."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("set local timezone to 'UTC'")
        cursor.execute(
            "do $$ begin execute format('create table audit_event_before partition of audit_event"
            " for values from (minvalue) to (%L)', date_trunc('month', now())); end $$"
        )


def midnight_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def happened_at(at: datetime, person: User) -> int:
    """As an event of that time, which nobody but the database gives."""
    like = record(EventKind.PEOPLE_LISTED, actor=factories.actor_for(person))
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(
            "insert into audit_event select (jsonb_populate_record(event, jsonb_build_object("
            "'id', nextval('audit_event_id_seq'), 'at', %s::timestamptz))).* from audit_event event where id = %s"
            " returning id",
            [at, like],
        )
        (event_id,) = cursor.fetchone()
    return int(event_id)


def boxes(name: str, day: date) -> dict[str, int]:
    """The day as the three boxes of a date field post it."""
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_filters_narrow_together(visitor: Client, teacher: User) -> None:
    wanted = opened(teacher, child_id=9)
    opened(teacher, child_id=10)

    assert ids(visitor, child=9, kind=EventKind.CHILD_OPENED, person=teacher.email.open()) == [wanted]
    assert ids(visitor, child=9, kind=EventKind.SIGNED_IN) == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"since_day": "31", "since_month": "2", "since_year": "2020"}, "From must be a real date"),
        ({"until_day": "1"}, "To must include a month and a year"),
        (
            {
                f"{name}_{part}": value
                for name, year in (("since", 2021), ("until", 2020))
                for part, value in (("day", 1), ("month", 1), ("year", year))
            },
            "To must be the same day as From or after it",
        ),
        ({"kind": "nonsense"}, "Select a valid choice"),
        ({"person": "no address"}, "Enter an e-mail address in the correct format"),
        ({"person": "nobody@example.org"}, "Nobody is registered with this e-mail address"),
        ({"person": "nul\0@example.org"}, "Null characters are not allowed"),
        ({"child": "abc"}, "Record must be a number from the Records column"),
        ({"child": "0"}, "Record must be a number from the Records column"),
        ({"child": "9" * 30}, "Record must be a number from the Records column"),
    ],
)
def test_bad_filter_gets_a_message_and_shows_nothing(
    visitor: Client, teacher: User, query: dict[str, object], message: str
) -> None:
    opened(teacher)

    response = visitor.get(LOG, query)

    assert response.status_code == 200
    page = response.content.decode()
    assert message in page
    assert "govuk-error-message" in page
    assert ids(visitor, **query) == []


def test_pages_hold_fifty_events_each(visitor: Client, teacher: User) -> None:
    made = [opened(teacher) for _ in range(EVENTS_ON_A_PAGE + 5)]
    newest_first = sorted(made, reverse=True)
    query = {"kind": EventKind.CHILD_OPENED}

    assert ids(visitor, **query) == newest_first[:EVENTS_ON_A_PAGE]
    assert ids(visitor, **query, page=2) == newest_first[EVENTS_ON_A_PAGE:]
    assert f"kind={EventKind.CHILD_OPENED}&amp;page=2" in visitor.get(LOG, query).content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "abc", "99999999999999999999", "nul\0"])
def test_page_that_is_none_shows_the_nearest(visitor: Client, teacher: User, number: str) -> None:
    wanted = opened(teacher)

    assert ids(visitor, kind=EventKind.CHILD_OPENED, page=number) == [wanted]


def test_reading_the_log_is_recorded(visitor: Client, auditor: User) -> None:
    visitor.get(LOG, {"child": 9})

    event = last_event()
    assert (event.kind, event.actor_id, event.child_id) == (EventKind.LOG_READ, auditor.pk, 9)


def test_reading_an_event_is_recorded(visitor: Client, auditor: User, teacher: User) -> None:
    read = opened(teacher)

    page = visitor.get(reverse("event", args=[read]))

    assert page.status_code == 200
    assert EventKind.CHILD_OPENED.label in page.content.decode()
    assert "Teacher of this authority" in page.content.decode()
    event = last_event()
    assert (event.kind, event.actor_id, event.fields) == (EventKind.LOG_READ, auditor.pk, [f"event.{read}"])


def test_event_of_another_authority_is_not_found_and_looks_like_none(
    visitor: Client, auditor: User, stranger: User
) -> None:
    theirs = opened(stranger)

    hidden = visitor.get(reverse("event", args=[theirs]))
    missing = visitor.get(reverse("event", args=[theirs + 1_000_000]))

    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.content.split(b"csrf")[0] == missing.content.split(b"csrf")[0]
    event = last_event()
    assert (event.kind, event.outcome) == (EventKind.ACCESS_REFUSED, Outcome.NOT_FOUND)
    assert event.actor_id == auditor.pk


def test_number_that_no_event_can_have_is_not_found(visitor: Client) -> None:
    assert visitor.get(f"{LOG}{'9' * 40}/").status_code == 404


def test_criteria_are_not_on_the_page(visitor: Client, teacher: User) -> None:
    about = About(shown=[1], criteria={"given": "Canary"})
    search = record(EventKind.CHILD_SEARCHED, about, actor=factories.actor_for(teacher))

    assert "Canary" not in visitor.get(reverse("event", args=[search])).content.decode()


@pytest.mark.parametrize("page", ["log", "event", "event_proof", "checkpoints"])
def test_what_cannot_be_recorded_as_read_is_not_read(visitor: Client, teacher: User, page: str) -> None:
    event = opened(teacher)
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("alter table audit_event add constraint full_up check (kind <> 'log.read') not valid")
    visitor.raise_request_exception = False

    response = visitor.get(reverse(page, args=[event] if page in ("event", "event_proof") else []))

    assert response.status_code == 500
    assert "Teacher of this authority" not in response.content.decode()
    assert events(kind=EventKind.LOG_READ) == []


# --------------------------------------------------------------------------------------------------------- alerts


def test_alert_is_seen_by_the_auditors_of_its_authority_and_one_of_nobody_by_all(
    visitor: Client, council: Organisation, teacher: User, as_owner: OwnerContext
) -> None:
    with as_owner():
        elsewhere = factories.organisation(kind=OrganisationKind.AUTHORITY)
    about = About(user_id=teacher.pk, fields=["records"])
    ours, theirs, everybodys = (
        alert(Alert.OVER_BUDGET, about, actor=Process("tests", None, authority, authority))
        for authority in (council.pk, elsewhere.pk, None)
    )

    shown = ids(visitor, kind=EventKind.ALERT_RAISED)

    assert shown == [everybodys, ours]
    assert theirs not in shown
    page = visitor.get(reverse("event", args=[ours])).content.decode()
    assert Alert.OVER_BUDGET.label in page
    assert "account of Teacher of this authority" in page


def test_event_of_nobody_that_is_no_alert_is_seen_by_no_auditor(visitor: Client) -> None:
    unknown = record(EventKind.SIGN_IN_FAILED, actor=Process("sign-in"))

    assert unknown not in ids(visitor)
    assert visitor.get(reverse("event", args=[unknown])).status_code == 404


# ---------------------------------------------------------------------------------------------------------- proofs


def test_event_that_waits_for_its_seal_has_no_proof_yet(visitor: Client, teacher: User) -> None:
    event = opened(teacher)

    response = visitor.get(reverse("event_proof", args=[event]))

    assert response.status_code == 404
    assert last_event().outcome == Outcome.NOT_FOUND


def test_reading_the_checkpoints_is_recorded(visitor: Client, auditor: User) -> None:
    assert visitor.get(reverse("checkpoints")).status_code == 200

    event = last_event()
    assert (event.kind, event.actor_id, event.fields) == (EventKind.LOG_READ, auditor.pk, ["checkpoints"])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"older": "1", "newer": "2"}, "There is no checkpoint of one of these sizes"),
        ({"older": "2", "newer": "1"}, "The newer checkpoint must have at least as many events"),
        ({"older": "0", "newer": "1"}, "greater than or equal to 1"),
        ({"older": "x", "newer": "1"}, "Enter a whole number"),
        ({"older": "9" * 30, "newer": "1"}, "less than or equal to"),
        ({"older": "1"}, "Enter events in the newer one"),
    ],
)
def test_sizes_of_no_checkpoints_get_a_message(visitor: Client, query: dict[str, str], message: str) -> None:
    response = visitor.get(reverse("checkpoints"), query)

    assert response.status_code == 200
    assert message in response.content.decode()
