"""Answering families as auditors do in their pages, and looks of some days ago for them to answer about."""

import re
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, OrganisationKind, User
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About
from registry.models import Child
from registry.values import Number
from registry.vocabulary import NumberKind
from review.models import Answer
from tests import factories
from tests.conftest import as_owner_here
from tests.factories import CENSUS
from tests.integration.review.reading import happened, opened, recorded

NHS, OTHER_NHS = "9991736115", "9434765919"
BEGIN = reverse("begin_answer")


def officer(council: Organisation, kind: OrganisationKind = OrganisationKind.POLICE, **options: object) -> User:
    with as_owner_here():
        return factories.user(works_for=factories.organisation(kind=kind, authority=council), **options)


def days_ago(days: int) -> datetime:
    """That many days ago, at noon."""
    return timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=days)


def child_with(number: str = NHS, **options: object) -> Child:
    with as_owner_here():
        return factories.child(numbers=[(NumberKind.NHS, Number(number, CENSUS))], **options)


def has_month(at: datetime) -> None:
    """Let the log have a place for events of that month, as a service has that has run for so long."""
    begins = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    ends = (begins + timedelta(days=31)).replace(day=1)
    name = f"audit_event_{begins:%Y_%m}"
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(
            f"create table if not exists {name} partition of audit_event"
            f" for values from ('{begins.isoformat()}') to ('{ends.isoformat()}')"
        )


def happened_days_ago(days: int, like: int) -> int:
    """An event like that one, that many days ago. Returns its id."""
    has_month(days_ago(days))
    return happened(days_ago(days), like)


def looked(person: User | Actor, child_id: int, *, ago: int = 2, reason: str = "s11") -> int:
    """An opening some days ago. Returns its event."""
    return happened_days_ago(ago, opened(person, child_id=child_id, reason=reason))


def listed(actor: Actor, child_id: int, *, ago: int = 2) -> int:
    return happened_days_ago(ago, recorded(EventKind.CHILD_LISTED, About(shown=[child_id]), actor=actor))


def asked_by(**changes: object) -> dict[str, object]:
    """The form that begins an answer, filled in well: a parent asks about the last ten days."""
    since, until = (timezone.localdate() - timedelta(days=days) for days in (10, 1))
    return {
        "record": NHS,
        "asker": "parent",
        "identity_check": "asker_in_person",
        "right_check": "birth_certificate",
        **boxes("since", since),
        **boxes("until", until),
        **changes,
    }


def boxes(name: str, day: object) -> dict[str, str]:
    return {f"{name}_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def begun(visitor: Client, **changes: object) -> Answer:
    """An answer begun in the pages."""
    response = visitor.post(BEGIN, asked_by(**changes))
    assert response.status_code == 302, response.content.decode()[-4000:]
    return answer(int(response.url.strip("/").rsplit("/", 1)[-1]))


def answer(answer_id: int) -> Answer:
    with as_owner_here():
        return Answer.objects.get(pk=answer_id)


def answers() -> list[Answer]:
    with as_owner_here():
        return list(Answer.objects.order_by("pk"))


def page_of(visitor: Client, asked: Answer) -> HttpResponse:
    return visitor.get(reverse("answer", args=[asked.pk]))


def step(visitor: Client, asked: Answer, route: str, **typed: object) -> HttpResponse:
    """Press a button of the answer's page, with the version that it shows now unless another is typed."""
    typed = {"seen": answer(asked.pk).row_version, **typed}
    return visitor.post(reverse(route, args=[asked.pk]), typed, follow=True)


def confirmed(visitor: Client, asked: Answer, **lines: str) -> HttpResponse:
    """Confirm each line as its first choice proposes, or as is said of it."""
    proposed = {name: codes[0] for name, codes in choices_of(page_of(visitor, asked)).items()}
    return step(visitor, asked, "confirm_answer", **proposed | lines)


def choices_of(response: HttpResponse) -> dict[str, list[str]]:
    """What may be chosen of each line, by the name of its box, as the page offers it."""
    boxes_of = re.findall(
        r'<select[^>]* name="(line_[0-9]+)"[^>]*>(.*?)</select>', response.content.decode(), re.DOTALL
    )
    return {name: re.findall(r'<option value="([a-z_.]+)"', options) for name, options in boxes_of}
