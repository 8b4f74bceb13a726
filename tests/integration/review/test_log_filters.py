"""Each filter of the auditor's list, together and typed wrong."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from access.models import Organisation, Role, User
from audit.events import EventKind
from audit.recorder import About
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.review.reading import LOG, asked, happened, ids, opened, recorded, text_of
from tests.log import events


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        (EventKind.CHILD_OPENED, About(child_id=9, reason="s47")),
        (EventKind.CHILD_LISTED, About(shown=[8, 9])),
        (EventKind.CHILD_RECALLED, About(shown=[8, 9])),
    ],
)
def test_filter_by_record_finds_openings_and_lists_of_records(
    visitor: Client, teacher: User, kind: EventKind, about: About
) -> None:
    actor = factories.actor_for(teacher)
    wanted = recorded(kind, about, actor=actor)
    opened(teacher, child_id=10)

    assert wanted in ids(asked(visitor, record="(9)"))
    assert wanted not in ids(asked(visitor, record="(10)"))


def test_list_of_people_is_no_list_of_records(visitor: Client, council: Organisation, as_owner: OwnerContext) -> None:
    """Both kinds of list stand in one column: the number of a person is not that of a record."""
    with as_owner():
        administrator = factories.user(role=Role.ADMINISTRATOR, works_for=council, name="Administrator")
        colleague = factories.user(works_for=council, name="Colleague who was listed")
    about = About(shown=[colleague.pk], fields=["approvals"])
    listing = recorded(EventKind.PEOPLE_LISTED, about, actor=factories.actor_for(administrator))

    assert listing not in ids(asked(visitor, record=f"({colleague.pk})"))
    assert "Colleague who was listed" in text_of(visitor.get(LOG))
    assert f"({colleague.pk})" not in text_of(visitor.get(LOG))


def test_filter_by_kind(visitor: Client, teacher: User) -> None:
    wanted = opened(teacher)
    recorded(EventKind.PEOPLE_LISTED, actor=factories.actor_for(teacher))

    assert ids(asked(visitor, kind=EventKind.CHILD_OPENED.value)) == [wanted]


def test_filter_by_person_finds_what_they_did_and_what_was_done_about_them(
    visitor: Client, auditor: User, teacher: User
) -> None:
    did = opened(teacher)
    about = recorded(EventKind.SIGN_IN_FAILED, About(user_id=teacher.pk), actor=factories.actor_for(auditor))
    signed_in, *_ = events(kind=EventKind.SIGNED_IN, actor_id=teacher.pk)
    other = recorded(EventKind.ACCESS_REFUSED, actor=factories.actor_for(auditor))

    assert ids(asked(visitor, person=teacher.email.open().upper())) == [about, did, signed_in.pk]
    assert other not in ids(asked(visitor, person=teacher.email.open()))


def test_person_of_others_and_nobody_look_the_same(visitor: Client, teacher: User, stranger: User) -> None:
    """Who works in another authority is nothing that a log tells."""
    opened(teacher)
    opened(stranger)

    theirs, nobodys = asked(visitor, person=stranger.email.open()), asked(visitor, person="nobody@example.org")

    assert ids(theirs) == ids(nobodys) == []
    assert "Nothing in the log of your authorities fits." in text_of(theirs)
    assert text_of(theirs) == text_of(nobodys)


def test_filter_by_day_holds_from_midnight_to_midnight(
    visitor: Client, teacher: User, months_before_the_log: None
) -> None:
    day = factories.today() - timedelta(days=3)
    begins, ends, moment = midnight_of(day), midnight_of(day + timedelta(days=1)), timedelta(microseconds=1)
    made = opened(teacher)
    before, first, last, after = [happened(at, made) for at in (begins - moment, begins, ends - moment, ends)]

    from_the_day, to_the_day = boxes("since", day), boxes("until", day)

    assert {last, first, before, after} & {*ids(asked(visitor, apart="on", **from_the_day, **to_the_day))} == {
        first,
        last,
    }
    assert {last, first, before, after} & {*ids(asked(visitor, apart="on", **from_the_day))} == {first, last, after}
    assert {last, first, before, after} & {*ids(asked(visitor, apart="on", **to_the_day))} == {before, first, last}


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


def boxes(name: str, day: date) -> dict[str, int]:
    """The day as the three boxes of a date field post it."""
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_filters_narrow_together(visitor: Client, teacher: User) -> None:
    wanted = opened(teacher, child_id=9)
    opened(teacher, child_id=10)
    narrowed = {"record": "(9)", "person": teacher.email.open()}

    assert ids(asked(visitor, kind=EventKind.CHILD_OPENED.value, **narrowed)) == [wanted]
    assert ids(asked(visitor, kind=EventKind.SIGNED_IN.value, **narrowed)) == []


WRONG_NUMBER = "Check the number, one of its characters may be wrong"


@pytest.mark.parametrize(
    ("answers", "message"),
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
        ({"kind": "nonsense"}, "Choose from the list what happened"),
        ({"person": "no address"}, "Enter an e-mail address in the correct format"),
        ({"person": "nul\0@example.org"}, "Enter an e-mail address in the correct format"),
        ({"person": f"{'x' * 300}@example.org"}, "Enter an e-mail address in the correct format"),
        ({"record": "abc"}, WRONG_NUMBER),
        ({"record": "nul\0"}, WRONG_NUMBER),
        ({"record": "-1\u0661"}, WRONG_NUMBER),
        ({"record": "1234567890"}, WRONG_NUMBER),
        ({"record": "9" * 300}, WRONG_NUMBER),
        ({"record": "999173611"}, WRONG_NUMBER),
        ({"record": "4711"}, WRONG_NUMBER),
        ({"record": "(4711"}, WRONG_NUMBER),
        ({"record": f"({2**63})"}, WRONG_NUMBER),
        ({"record": f"({'1' * 5000})"}, WRONG_NUMBER),
        ({"kind": "log.heartbeat"}, "Choose from the list what happened"),
    ],
)
def test_bad_filter_gets_a_message_and_shows_nothing(
    visitor: Client, teacher: User, answers: dict[str, object], message: str
) -> None:
    opened(teacher)

    response = visitor.post(LOG, answers)

    assert response.status_code == 200
    page = response.content.decode()
    assert message in page
    assert "govuk-error-message" in page
    assert ids(response) == []
    if short := str(answers.get("record", "abc")):
        assert "record" not in answers or "\0" in short or f'value="{short}"' in page, "nothing typed is lost"


@pytest.mark.parametrize(
    "query",
    [
        "kind=nonsense",
        "kind=child.opened",
        "person=a@example.org",
        "child=9",
        "page=2",
        "before=abc",
        "before=-1",
        "before=1&after=2",
        f"before={'9' * 30}",
        "before=\u0661",
        "after=%00",
        f"after={2**63}",
        "upto=x",
    ],
)
def test_address_that_makes_no_sense_is_said_to_and_shows_nothing(visitor: Client, teacher: User, query: str) -> None:
    opened(teacher)

    response = visitor.get(f"{LOG}?{query}")

    assert response.status_code == 200
    assert "This address asks for something that the log does not know" in text_of(response)
    assert ids(response) == []
