"""From an event to the person's day, to what led there, and to everybody who has seen the record."""

from datetime import datetime, time, timedelta
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, Role, User
from audit.events import EventKind
from audit.recorder import About
from tests import factories
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.reading import asked, happened, ids, opened, recorded, text_of
from tests.log import last_event


def searched(person: User, shown: list[int]) -> tuple[int, int, object]:
    """A search, what it showed, and the actor whose session it was."""
    actor, trail = factories.actor_for(person), uuid4()
    search = recorded(EventKind.CHILD_SEARCHED, About(trail=trail, criteria={"family": "Okafor"}), actor=actor)
    listing = recorded(EventKind.CHILD_LISTED, About(trail=trail, shown=shown), actor=actor)
    return search, listing, actor


# ------------------------------------------------------------------------------------------------ who has seen it


def test_who_has_seen_it_by_organisation_and_person(
    visitor: Client, teacher: User, council: Organisation, stranger: User, as_owner: OwnerContext
) -> None:
    with as_owner():
        nurse = factories.user(works_for=factories.organisation(authority=council), name="Nurse of this authority")
    opened(teacher, reason="s47")
    opened(teacher, reason="s11")
    searched(nurse, [8, 4711])
    opened(stranger)

    page = asked(visitor, record="(4711)")
    link = page.content.decode().partition("/seen/")[0].rpartition('"')[2]
    told = text_of(visitor.get(f"{link}/seen/"))

    assert "Who has seen record (4711)" in told
    assert "This record is in the archive, or is not kept any more." in told
    assert "2 people of 2 organisations" in told
    of_nurse, _, of_teacher = told.partition(teacher.organisation.name)
    assert nurse.organisation.name in of_nurse
    assert "Nurse of this authority Opened Never" in of_nurse
    assert "Shown in a list 1 time," in of_nurse
    assert "Opened 2 times, first" in of_teacher
    assert "I have a concern" in of_teacher
    assert "I am making a child protection enquiry" in of_teacher
    assert "Teacher of another authority" not in told


def test_whoever_read_the_log_has_not_seen_the_record(visitor: Client, teacher: User) -> None:
    event = opened(teacher)
    page = reverse("seen_of_event", args=[event])
    assert text_of(visitor.get(page)) == text_of(visitor.get(page))
    assert "Auditor of this authority" not in text_of(visitor.get(page))
    reading = last_event(kind=EventKind.LOG_READ)
    assert (reading.child_id, reading.fields) == (4711, ["seen"])


def test_record_of_another_authority_is_not_found(visitor: Client, stranger: User) -> None:
    assert visitor.get(reverse("seen_of_event", args=[opened(stranger)])).status_code == 404
    assert visitor.get(reverse("seen_of_event", args=[2**63])).status_code == 404


def test_record_that_nobody_of_theirs_saw_says_so_in_the_log(visitor: Client) -> None:
    page = asked(visitor, record="(99999999)")
    assert "Nothing in the log of your authorities fits." in text_of(page)
    assert "/seen/" not in page.content.decode()


def test_filter_without_a_record_leads_back(visitor: Client, teacher: User) -> None:
    opened(teacher)
    reference = visitor.post(reverse("log"), {"apart": "on"}).url.rstrip("/").rpartition("/")[2]
    page = visitor.get(reverse("seen", args=[reference]), follow=True)
    assert "Enter the number of a record first." in text_of(page)
    gone = visitor.get(reverse("seen", args=[uuid4()]), follow=True)
    assert "What you had chosen is not kept any more" in text_of(gone)


# ----------------------------------------------------------------------------------------------------- one's day


def noon(days_ago: int) -> datetime:
    return timezone.make_aware(datetime.combine(factories.today() - timedelta(days=days_ago), time(12)))


def test_day_is_in_order_with_its_pauses(visitor: Client, teacher: User) -> None:
    like = opened(teacher)
    first = happened(noon(1), like, child_id=1)
    second = happened(noon(1) + timedelta(minutes=20), like, child_id=2)
    third = happened(noon(1) + timedelta(hours=3), like, child_id=3)

    page = visitor.get(reverse("day", args=[second]))

    assert ids(page) == [first, second, third]
    told = text_of(page)
    assert "Teacher of this authority:" in told
    assert "Nothing for 2 hours 40 minutes." in told
    assert "12:00 to 12:20" in told


def test_day_leads_to_the_days_beside_it_and_over_those_without_events(visitor: Client, teacher: User) -> None:
    like = opened(teacher)
    older, newer = happened(noon(9), like), happened(noon(4), like)

    page = visitor.get(reverse("day", args=[newer])).content.decode()

    assert f'href="{reverse("day", args=[older])}"' in page
    assert "The next day with an event" in page
    assert "The day before with an event" not in visitor.get(reverse("day", args=[older])).content.decode()


def test_day_holds_what_was_done_about_the_person_and_nothing_of_others(
    visitor: Client, auditor: User, teacher: User, council: Organisation, as_owner: OwnerContext
) -> None:
    with as_owner():
        colleague = factories.user(works_for=teacher.organisation, name="Colleague")
    event, other = opened(teacher), opened(colleague)
    failed = recorded(EventKind.SIGN_IN_FAILED, About(user_id=teacher.pk), actor=factories.actor_for(auditor))

    found = ids(visitor.get(reverse("day", args=[event])))

    assert {event, failed} <= {*found}
    assert other not in found


def test_day_has_nothing_that_was_done_for_another_authority(visitor: Client, teacher: User, stranger: User) -> None:
    """Somebody who came from elsewhere did things of which others' auditors read."""
    like = opened(teacher)
    own = happened(noon(1), like)
    elsewhere = {"authority_id": stranger.organisation.authority_id}
    theirs = [happened(noon(days), like, **elsewhere) for days in (1, 2)]
    page = visitor.get(reverse("day", args=[own]))
    assert ids(page) == [own]
    assert reverse("day", args=[theirs[1]]) not in page.content.decode()


def test_day_of_another_authority_is_not_found(visitor: Client, stranger: User) -> None:
    assert visitor.get(reverse("day", args=[opened(stranger)])).status_code == 404


# ----------------------------------------------------------------------------------- from a search to an opening


def test_trail_leads_from_a_search_to_what_was_opened(visitor: Client, teacher: User) -> None:
    search, listing, actor = searched(teacher, [8, 9, 10])
    opening = recorded(EventKind.CHILD_OPENED, About(child_id=9, reason="s47"), actor=actor)
    recorded(EventKind.CHILD_OPENED, About(child_id=77, reason="s47"), actor=actor)

    for event in (search, listing, opening):
        page = visitor.get(reverse("trail", args=[event]))
        assert ids(page) == [search, listing, opening]
        assert "3 records were shown, and 1 of them was opened in this session." in text_of(page)
        assert "after it was shown, number 2 of 3" in text_of(page)


def test_trail_of_an_opening_without_a_search_says_so(visitor: Client, teacher: User) -> None:
    searched(teacher, [4711])
    event = opened(teacher)  # in another session
    page = visitor.get(reverse("trail", args=[event]))
    assert ids(page) == [event]
    assert "No search of this session" in text_of(page)


def test_trail_of_anything_else_is_not_found(visitor: Client, auditor: User, stranger: User) -> None:
    assert visitor.get(reverse("trail", args=[opened(stranger)])).status_code == 404
    visitor.get(reverse("log"))
    assert visitor.get(reverse("trail", args=[last_event(actor_id=auditor.pk).pk])).status_code == 404


def test_event_page_leads_on(visitor: Client, teacher: User) -> None:
    page = visitor.get(reverse("event", args=[opened(teacher)])).content.decode()
    for words in ("The whole day of this person", "From search to opening", "Who has seen this record"):
        assert words in page


def test_reading_on_is_recorded_and_told(visitor: Client, auditor: User, teacher: User) -> None:
    event = opened(teacher)
    for name, words in (("day", "the day of whoever did event"), ("trail", "searches and openings around event")):
        visitor.get(reverse(name, args=[event]))
        assert last_event(kind=EventKind.LOG_READ).fields == [f"{name}.{event}"]
        assert f"{words} {event}" in text_of(asked(visitor, readings="on", apart="on"))


def test_practitioner_is_refused(teacher: User) -> None:
    with as_owner_here():
        assert teacher.role == Role.PRACTITIONER
    browser, event = factories.signed_in(teacher), opened(teacher)
    for name in ("day", "trail", "seen_of_event"):
        assert browser.get(reverse(name, args=[event])).status_code == 403
