"""The auditor's list: their own authority's events and no others, page by page, and that reading is recorded."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import Grant, Organisation, Role, User
from audit.actors import Actor, Process
from audit.events import EventKind, Outcome
from audit.recorder import About
from review.selectors.visits import VISITS_ON_A_PAGE
from tests import factories
from tests.acting_servers import signing_in
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.registry.visiting import timeless
from tests.integration.review.reading import LOG, asked, ids, next_page, opened, recorded
from tests.log import events, last_event


def test_auditor_sees_own_authority_and_no_other(visitor: Client, teacher: User, stranger: User) -> None:
    ours, theirs = opened(teacher), opened(stranger)

    page = visitor.get(LOG)

    assert ours in ids(page)
    assert theirs not in ids(page)
    assert "Teacher of another authority" not in page.content.decode()


def test_auditor_without_a_grant_sees_nothing(teacher: User, auditor: User, as_owner: OwnerContext) -> None:
    opened(teacher)
    with as_owner():
        Grant.objects.filter(user=auditor).delete()

    assert ids(factories.signed_in(auditor).get(LOG)) == []


# ---------------------------------------------------------------------------------------------- what is kept where


def test_filter_is_in_no_address_and_survives_reload(visitor: Client, teacher: User) -> None:
    wanted = opened(teacher)
    address = visitor.post(LOG, {"person": teacher.email.open(), "record": "(4711)"}).url

    assert "@" not in address
    assert "4711" not in address
    for _ in range(2):
        page = visitor.get(address)
        assert ids(page) == [wanted]
        assert teacher.email.open() in page.content.decode()


def test_filter_of_another_session_is_not_kept_and_it_is_said(
    visitor: Client, council: Organisation, teacher: User, as_owner: OwnerContext
) -> None:
    with as_owner():
        colleague = factories.user(role=Role.AUDITOR, works_for=council)
    opened(teacher)
    address = visitor.post(LOG, {"record": "(4711)"}).url

    for elsewhere in (
        factories.signed_in(colleague).get(address, follow=True),
        visitor.get(f"{LOG}filter/{uuid4()}/", follow=True),
    ):
        assert elsewhere.redirect_chain == [(LOG, 302)]
        assert "What you had chosen is not kept any more" in elsewhere.content.decode()


# ------------------------------------------------------------------------------------------------------------ pages


def signed_out(actor: Actor) -> int:
    """Something that is no visit's, and that no budget counts."""
    return recorded(EventKind.SIGNED_OUT, About(user_id=actor.user_id), actor=actor)


def test_pages_follow_one_another_without_a_gap_though_the_log_goes_on(visitor: Client, teacher: User) -> None:
    actor = factories.actor_for(teacher)
    made = [signed_out(actor) for _ in range(2 * VISITS_ON_A_PAGE + 5)][::-1]
    first = asked(visitor, kind=EventKind.SIGNED_OUT.value)
    meanwhile = [signed_out(actor), signed_out(actor)]

    second = visitor.get(next_page(first, "Older"))
    third = visitor.get(next_page(second, "Older"))

    assert ids(first) + ids(second) + ids(third) == made
    assert next_page(third, "Older") is None
    assert next_page(first, "Newer") is None
    assert ids(visitor.get(next_page(third, "Newer"))) == ids(second)
    assert ids(visitor.get(next_page(second, "Newer"))) == [*meanwhile[::-1], *made[: VISITS_ON_A_PAGE - 2]]
    assert ids(visitor.get(next_page(third, "Newest")))[:2] == meanwhile[::-1]


def test_last_page_that_is_just_full_leads_no_further(visitor: Client, teacher: User) -> None:
    actor = factories.actor_for(teacher)
    for _ in range(VISITS_ON_A_PAGE):
        signed_out(actor)

    assert next_page(asked(visitor, kind=EventKind.SIGNED_OUT.value), "Older") is None


# ------------------------------------------------------------------------------------------------------------- back


def test_event_and_visit_lead_back_to_where_one_was(visitor: Client, teacher: User) -> None:
    actor = factories.actor_for(teacher)
    for _ in range(VISITS_ON_A_PAGE + 1):
        signed_out(actor)
    first = visitor.get(visitor.post(LOG, {"person": teacher.email.open(), "kind": "sign_out.done"}).url)
    place = next_page(first, "Older")
    assert place is not None
    line = line_addresses(visitor.get(place))[0]

    event = visitor.get(line)
    visit = visitor.get(link_to(event, "What else was done in this visit"))
    again = visitor.get(line_addresses(visit)[0])

    assert "@" not in line
    assert [back_from(page) for page in (event, visit, again)] == [place] * 3


def line_addresses(page: HttpResponse) -> list[str]:
    return [unescape(address) for address in re.findall(rf'href="({LOG}\d+/[^"]*)"', page.content.decode())]


def back_from(page: HttpResponse) -> str:
    (address,) = re.findall(r'<a href="([^"]*)" class="govuk-back-link">', page.content.decode())
    return unescape(address)


def link_to(page: HttpResponse, words: str) -> str:
    found = re.search(rf'href="([^"]*)"[^>]*>\s*{words}\s*</a>', page.content.decode())
    assert found is not None
    return unescape(found[1])


@pytest.mark.parametrize(
    "query",
    ["", "?filter=nonsense", "?before=abc", "?next=//elsewhere.example", "?before=1&after=2", f"?upto={'9' * 40}"],
)
def test_way_back_that_makes_no_sense_leads_to_the_log(visitor: Client, teacher: User, query: str) -> None:
    event = opened(teacher)

    for name in ("event", "visit"):
        assert back_from(visitor.get(f"{reverse(name, args=[event])}{query}")) == LOG


# ---------------------------------------------------------------------------------------------------------- reading


def test_reading_the_log_is_recorded(visitor: Client, auditor: User, teacher: User) -> None:
    opened(teacher, child_id=9)
    asked(visitor, record="(9)")

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


@pytest.mark.parametrize("page", ["event", "visit", "event_proof"])
def test_event_of_another_authority_is_not_found_and_looks_like_none(
    visitor: Client, auditor: User, stranger: User, page: str
) -> None:
    theirs = opened(stranger)

    hidden = visitor.get(reverse(page, args=[theirs]))
    missing = visitor.get(reverse(page, args=[theirs + 1_000_000]))

    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert timeless(hidden) == timeless(missing)
    event = last_event()
    assert (event.kind, event.outcome) == (EventKind.ACCESS_REFUSED, Outcome.NOT_FOUND)
    assert event.actor_id == auditor.pk


def test_number_that_no_event_can_have_is_not_found(visitor: Client) -> None:
    assert visitor.get(f"{LOG}{'9' * 40}/").status_code == 404


def test_criteria_are_not_on_the_page(visitor: Client, teacher: User) -> None:
    about = About(shown=[1], criteria={"given": "Canary"})
    search = recorded(EventKind.CHILD_SEARCHED, about, actor=factories.actor_for(teacher))

    assert "Canary" not in visitor.get(reverse("event", args=[search])).content.decode()


@pytest.mark.parametrize("page", ["log", "event", "visit", "event_proof", "checkpoints", "alerts"])
def test_what_cannot_be_recorded_as_read_is_not_read(visitor: Client, teacher: User, page: str) -> None:
    event = opened(teacher)
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("alter table audit_event add constraint full_up check (kind <> 'log.read') not valid")
    visitor.raise_request_exception = False

    response = visitor.get(reverse(page, args=[event] if page in ("event", "visit", "event_proof") else []))

    assert response.status_code == 500
    assert "Teacher of this authority" not in response.content.decode()
    assert events(kind=EventKind.LOG_READ) == []


def test_event_of_nobody_that_is_no_alert_is_seen_by_no_auditor(visitor: Client) -> None:
    with signing_in():
        unknown = recorded(EventKind.SIGN_IN_FAILED, actor=Process("sign-in"))

    assert unknown not in ids(asked(visitor, alerts="on", readings="on"))
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
