"""Auditors' dangerous steps, sent when the second factor is too old: shown again after the code, and not done yet."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from access.door.confirming import NOT_YET
from access.models import User, UserState
from audit.events import EventKind
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.access.conftest import Wait, let_confirmation_run_out, wait
from tests.integration.review import answering, casework
from tests.integration.review.reading import text_of
from tests.log import events

__all__ = ["wait"]
READING = {EventKind.LOG_READ}


@dataclass(frozen=True)
class Asked:
    """What a page is sent, and what is seen of it in the page afterwards."""

    address: str
    typed: dict[str, object]
    seen: str


def suspend(visitor: Client, other: Client, teacher: User) -> Asked:
    case = casework.case_about(teacher)
    casework.take(other, case)
    return Asked(reverse("suspend_for_case", args=[case.pk]), {}, "Teacher of this authority")


def agree(visitor: Client, other: Client, teacher: User) -> Asked:
    case = casework.case_about(teacher)
    casework.take(visitor, case)
    casework.decide(visitor, case, "to_employer")
    address = casework.to_agree(other, case)
    typed = {"seen": casework.hidden(other.get(address), "seen"), "agrees": "yes"}
    return Asked(address, typed, 'value="yes" checked')


def release(visitor: Client, other: Client, teacher: User) -> Asked:
    asked = answering.begun(visitor)
    answering.confirmed(visitor, asked)
    typed = {"seen": answering.answer(asked.pk).row_version}
    return Asked(reverse("release_answer", args=[asked.pk]), typed, "Release")


OVERSEERS: dict[str, Callable[[Client, Client, User], Asked]] = {
    "suspend_for_case": suspend,
    "agree_to_case": agree,
    "release_answer": release,
}


@pytest.mark.parametrize("name", OVERSEERS)
def test_step_is_seen_before_it_is_taken(
    visitor: Client, other: Client, colleague: User, teacher: User, wait: Wait, name: str
) -> None:
    """Somebody else may have sent it from the browser of whoever confirms."""
    asked = OVERSEERS[name](visitor, other, teacher)
    let_confirmation_run_out(other, wait)

    sent = other.post(asked.address, asked.typed)
    assert sent.url.startswith(reverse("confirm"))
    before = {event.pk for event in events()}
    code_page = other.get(sent.url).url
    assert other.post(code_page, {"code": factories.code_for(colleague)}).url == asked.address
    page = other.get(asked.address)

    assert page.status_code == 200
    assert NOT_YET in text_of(page)
    assert asked.seen in " ".join(page.content.decode().split())
    assert {event.kind for event in events() if event.pk not in before} <= READING, "nothing is done yet"
    with as_owner_here():
        assert User.objects.get(pk=teacher.pk).state == UserState.ACTIVE
