"""An auditor finds a record by any number in hand, and learns of it what their own people did, nothing else."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, Role, User
from audit.actors import Actor
from audit.events import EventKind
from audit.reading import reading
from audit.recorder import About
from registry.models import Child
from registry.rules import numbers
from registry.rules.numbers import number_fingerprint
from registry.values import Number
from registry.vocabulary import NumberKind
from review.policies import ASKED, about_number
from tests import factories
from tests.acting import acting_as
from tests.conftest import OwnerContext, as_owner_here
from tests.factories import CENSUS
from tests.integration.review.reading import LOG, asked, happened, ids, opened, recorded, text_of
from tests.log import events, last_event

NHS, OTHER_NHS = "9991736115", "9434765919"


def child_with(authority: Organisation, nhs: str = NHS, upn: str | None = None, **options: object) -> Child:
    given = [(NumberKind.NHS, Number(nhs, CENSUS))]
    if upn:
        given.append((NumberKind.UPN, Number(upn, CENSUS)))
    with as_owner_here():
        return factories.child(authority=authority, numbers=given, **options)


def own_number(child: Child) -> str:
    with as_owner_here():
        number: str = Child.objects.get(pk=child.pk).number.open()
    return number


@pytest.mark.parametrize(
    "write", [str, numbers.shown, lambda number: f" {number[:4]}–{number[4:7]}-{number[7:]}\u00a0"]
)
def test_registry_number_finds_the_record_as_it_is_read_out(
    visitor: Client, council: Organisation, teacher: User, write: object
) -> None:
    child = child_with(council)
    wanted = opened(teacher, child_id=child.pk)
    opened(teacher, child_id=child.pk + 1000)

    assert ids(asked(visitor, record=write(own_number(child)))) == [wanted]  # type: ignore[operator]


@pytest.mark.parametrize("typed", [NHS, numbers.shown_nhs(NHS), "999-173-6115"])
def test_nhs_number_finds_the_record(visitor: Client, council: Organisation, teacher: User, typed: str) -> None:
    wanted = opened(teacher, child_id=child_with(council).pk)

    assert ids(asked(visitor, record=typed)) == [wanted]


def test_pupil_number_finds_the_record(visitor: Client, council: Organisation, teacher: User) -> None:
    upn = made_pupil_number()
    wanted = opened(teacher, child_id=child_with(council, upn=upn).pk)

    assert ids(asked(visitor, record=f"{upn[:1].lower()} {upn[1:]}")) == [wanted]


def made_pupil_number() -> str:
    for letter in "ABCDEFGHJKLMNPQRTUVWXYZ":
        candidate = f"{letter}801200001001"
        try:
            return numbers.pupil_number(candidate)
        except numbers.InvalidNumberError:
            continue
    raise AssertionError


@pytest.mark.parametrize("typed", ["(4711)", " ( 4711 ) "])
def test_internal_number_finds_the_record_in_brackets(visitor: Client, teacher: User, typed: str) -> None:
    wanted = opened(teacher, child_id=4711)

    assert ids(asked(visitor, record=typed)) == [wanted]


def test_number_that_lost_a_digit_shows_no_other_childs_events(visitor: Client, teacher: User) -> None:
    opened(teacher, child_id=int(NHS[:-1]))

    page = asked(visitor, record=NHS[:-1])

    assert (ids(page), teacher.name.open() in text_of(page)) == ([], False)
    assert "Check the number" in text_of(page)


def test_lines_show_the_registry_number_and_neither_name_nor_nhs_number(
    visitor: Client, council: Organisation, teacher: User
) -> None:
    child = child_with(council, given="Canary", family="Child")
    event = opened(teacher, child_id=child.pk)

    for page in (
        visitor.get(LOG),
        visitor.get(reverse("event", args=[event])),
        visitor.get(reverse("visit", args=[event])),
    ):
        said = text_of(page)
        assert numbers.shown(own_number(child)) in said
        assert "Canary" not in said
        assert NHS not in said.replace(" ", "")


def test_record_that_is_not_kept_any_more_is_shown_by_our_own_number(visitor: Client, teacher: User) -> None:
    opened(teacher, child_id=4711)

    assert "(4711)" in text_of(visitor.get(LOG))


def test_long_list_of_records_is_cut_and_stands_whole_on_its_page(
    visitor: Client, council: Organisation, teacher: User
) -> None:
    about = About(shown=[901, 902, 903, 904, 905])
    event = recorded(EventKind.CHILD_LISTED, about, actor=factories.actor_for(teacher))

    assert "(901), (902), (903) and 2 more" in text_of(visitor.get(LOG))
    assert "(901), (902), (903), (904), (905)" in text_of(visitor.get(reverse("event", args=[event])))


# ------------------------------------------------------------------------------------------ nothing of other people's


def test_number_of_others_and_number_of_nobody_look_the_same(
    visitor: Client, council: Organisation, stranger: User
) -> None:
    """A record of which only others' people did anything is as one that there is not."""
    known = child_with(council)
    opened(stranger, child_id=known.pk)

    theirs, nobodys = asked(visitor, record=NHS), asked(visitor, record=OTHER_NHS)

    assert ids(theirs) == ids(nobodys) == []
    assert text_of(theirs) == text_of(nobodys)
    by_theirs, by_nobodys = [event for event in events(kind=EventKind.LOG_READ) if "number.nhs" in event.fields]
    assert by_theirs.child_id is by_nobodys.child_id is None
    assert last_event().child_id is None


def test_shielded_child_is_found_by_what_own_people_did_and_by_nothing_more(
    visitor: Client, council: Organisation, teacher: User, stranger: User
) -> None:
    shielded = child_with(council, shielded_since=date(2026, 1, 5))
    theirs = opened(stranger, child_id=shielded.pk)
    assert ids(asked(visitor, record=NHS)) == []

    ours = opened(teacher, child_id=shielded.pk)
    page = asked(visitor, record=NHS)

    assert ids(page) == [ours]
    assert theirs not in ids(page)
    _filters, _table, entries = page.content.decode().partition("<table")
    assert entries
    assert "Protected" not in entries


def test_that_a_number_was_looked_up_is_in_the_log_and_not_which(visitor: Client, council: Organisation) -> None:
    child_with(council)

    asked(visitor, record=NHS)
    asked(visitor, record=NHS)

    first, page, again, _ = events(kind=EventKind.LOG_READ)[-4:]
    assert (first.fields[:1], again.fields[:1], page.fields) == (["number.nhs"], ["number.nhs"], [])
    assert first.fields[1].startswith(ASKED)
    assert first.fields[1] != again.fields[1], "nor that it was the same one twice"
    assert ASKED not in text_of(visitor.get(reverse("event", args=[first.pk])))
    told = [NHS, number_fingerprint("nhs", NHS).hex()]
    assert [event for event in events() if any(said in str(vars(event)) for said in told)] == []


# -------------------------------------------------------------------------------------------------- at the database


def ask(statement: str, *arguments: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return list(cursor.fetchall())


LOOK_UP = "select review_child_of_number(%s, %s)"
NUMBERS = "select child_id from review_numbers_of(%s::bigint[])"
EVENTS = "select id from review_events_of_record(%s)"


@pytest.fixture
def reader(auditor: User) -> Actor:
    return factories.actor_for(auditor)


@pytest.mark.parametrize(
    ("statement", "arguments"),
    [(LOOK_UP, ("nhs", b"")), (NUMBERS, ([1],)), (EVENTS, (1,))],
    ids=["number", "numbers", "events"],
)
def test_web_role_asks_for_none_of_it(teacher: User, statement: str, arguments: tuple[object, ...]) -> None:
    opened(teacher)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        ask(statement, *arguments)


@pytest.mark.parametrize(
    ("statement", "arguments"),
    [(LOOK_UP, ("nhs", b"")), (NUMBERS, ([1],)), (EVENTS, (1,))],
    ids=["number", "numbers", "events"],
)
def test_nothing_is_told_where_no_reading_is_recorded(
    teacher: User, statement: str, arguments: tuple[object, ...]
) -> None:
    opened(teacher)
    with pytest.raises(DatabaseError, match="reading the log is recorded first"), acting_as("contactpoint_reader"):
        ask(statement, *arguments)


def test_number_is_looked_up_only_where_that_is_recorded_of_it(
    reader: Actor, council: Organisation, teacher: User
) -> None:
    child = child_with(council)
    opened(teacher, child_id=child.pk)
    asked_for = ("nhs", number_fingerprint("nhs", NHS))
    of_request = replace(reader, request_id=uuid4())

    for about in (
        About(),
        About(fields=["number.nhs"]),
        about_number(reader, "upn", NHS, {}),
        about_number(reader, "nhs", OTHER_NHS, {}),
        about_number(of_request, "nhs", NHS, {}),
    ):
        with pytest.raises(DatabaseError, match="looking a number up"), reading(reader, about):
            ask(LOOK_UP, *asked_for)
    with reading(reader, about_number(reader, "nhs", NHS, {})):
        assert ask(LOOK_UP, *asked_for) == [(child.pk,)]


def test_database_tells_no_number_of_others_events(
    reader: Actor, council: Organisation, teacher: User, stranger: User
) -> None:
    child, other = child_with(council), child_with(council, nhs=OTHER_NHS)
    ours, theirs = opened(teacher, child_id=child.pk), opened(stranger, child_id=other.pk)

    with reading(reader, about_number(reader, "nhs", OTHER_NHS, {})):
        assert ask(NUMBERS, [ours, theirs]) == [(child.pk,)]
        assert ask(EVENTS, child.pk) == [(ours,)]
        assert ask(EVENTS, other.pk) == []
        assert ask(LOOK_UP, "nhs", number_fingerprint("nhs", OTHER_NHS)) == [(None,)]


def test_database_takes_no_list_of_people_for_one_of_records(
    reader: Actor, council: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        administrator = factories.user(role=Role.ADMINISTRATOR, works_for=council)
    child = child_with(council)
    listing = recorded(EventKind.PEOPLE_LISTED, actor=factories.actor_for(administrator))
    as_if = happened(timezone.now(), listing, shown=[child.pk])

    with reading(reader):
        assert ask(NUMBERS, [as_if]) == ask(EVENTS, child.pk) == []


def test_numbers_are_read_of_few_events_at_once(reader: Actor) -> None:
    with pytest.raises(DatabaseError, match="at most 500 events"), reading(reader):
        ask(NUMBERS, list(range(1, 502)))
