"""Reading the log's pages as an auditor does, and making what they read."""

import json
import re
from datetime import datetime

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import User
from audit.actors import Actor, Process
from audit.events import EventKind, Outcome
from audit.recorder import About, record
from tests import factories
from tests.conftest import as_owner_here

LOG = reverse("log")
EVENTS = re.compile(rf'href="{LOG}(\d+)/(?:visit/)?(?:\?[^"]*)?"')


def opened(person: User | Actor, child_id: int = 4711, reason: str = "s47") -> int:
    """An opening of that record, in a session of its own unless an actor did it. Returns its event."""
    actor = person if isinstance(person, Actor) else factories.actor_for(person)
    return recorded(EventKind.CHILD_OPENED, About(child_id=child_id, reason=reason), actor=actor)


def recorded(kind: EventKind, about: About | None = None, *, actor: Actor | Process, **claims: Outcome) -> int:
    """Have an event happen by itself, committed. Returns it."""
    with transaction.atomic():
        return record(kind, about, actor=actor, **claims)


def happened(at: datetime, like: int, **changes: object) -> int:
    """An event like that one but for `changes`, at that time, which nobody but the database gives. Returns its id."""
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(
            "insert into audit_event select (jsonb_populate_record(event, %s::jsonb || jsonb_build_object("
            "'id', nextval('audit_event_id_seq'), 'at', %s::timestamptz))).* from audit_event event where id = %s"
            " returning id",
            [json.dumps(changes), at, like],
        )
        (event_id,) = cursor.fetchone()
    return int(event_id)


def asked(visitor: Client, **answers: object) -> HttpResponse:
    """The log's page after the filter was filled in so."""
    response = visitor.post(LOG, answers)
    return response if response.status_code == 200 else visitor.get(response.url)


def ids(response: HttpResponse) -> list[int]:
    """The events of the page, as the links of its lines give them."""
    assert response.status_code == 200
    return [int(found) for found in EVENTS.findall(response.content.decode())]


def text_of(response: HttpResponse) -> str:
    """What the page says, without its tags."""
    page = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def next_page(response: HttpResponse, name: str) -> str | None:
    """Where the link of that name leads."""
    found = re.search(
        rf'<a class="govuk-(?:button|link)[^"]*"\s+href="([^"]*)"[^>]*>{name}</a>', response.content.decode()
    )
    if found is None:
        return None
    query = found[1].replace("&amp;", "&")
    return query if query.startswith("/") else f"{response.request['PATH_INFO']}{query}"
