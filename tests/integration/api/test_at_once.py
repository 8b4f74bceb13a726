"""Two at once: of two changes of what was read once, one is made; and of one entry that is sent twice, one stands."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.http import HttpResponse

from audit.events import EventKind
from registry.actions import involvements
from registry.models import Involvement
from tests.conftest import as_owner_here
from tests.integration.api.asking import ENTRY, Asking, refused, told
from tests.log import events

SECONDS_TO_WAIT = 20
SENT_AT_ONCE = 6

# One that was withdrawn meanwhile is there no more.
TOO_LATE = {"withdraw_involvement": (404, "not_found")}

Request = Callable[[Asking], HttpResponse]


def same(asking: Asking) -> Asking:
    """The same session over a connection of its own."""
    return Asking(asking.system, asking.person, token=asking.token)


def in_another_thread(asking: Asking, request: Request) -> HttpResponse:
    try:
        return request(same(asking))
    finally:
        connections.close_all()


def at_once(asking: Asking, requests: Sequence[Request]) -> list[HttpResponse]:
    """What each is answered, where all are sent together."""
    with ThreadPoolExecutor(len(requests)) as pool:
        sent = [pool.submit(in_another_thread, asking, request) for request in requests]
        return [each.result(SECONDS_TO_WAIT) for each in sent]


def meet_before(monkeypatch: pytest.MonkeyPatch, action: str) -> None:
    """Let nobody go on to the action before both are there: each has held its ETag against the same version."""
    here, go_on = threading.Barrier(2), getattr(involvements, action)

    def together(**asked: Any) -> object:
        here.wait(SECONDS_TO_WAIT)
        return go_on(**asked)

    monkeypatch.setattr(f"api.views.involvements.{action}", together)


def corrects(path: str, tag: str, practitioner: str) -> Request:
    return lambda asking: asking.ask("PUT", path, ENTRY | {"practitioner": practitioner}, headers={"If-Match": tag})


def ends(path: str, tag: str, day: str) -> Request:
    return lambda asking: asking.ask("POST", f"{path}/end", {"ended_on": day}, headers={"If-Match": tag})


def withdraws(path: str, tag: str, mistake: str) -> Request:
    return lambda asking: asking.ask("POST", f"{path}/withdraw", {"mistake": mistake}, headers={"If-Match": tag})


@pytest.mark.parametrize(
    ("action", "kind", "change", "each"),
    [
        ("correct_involvement", EventKind.INVOLVEMENT_CORRECTED, corrects, ("Grace Hill", "Ida Bell")),
        ("end_involvement", EventKind.INVOLVEMENT_ENDED, ends, ("2025-03-01", "2025-04-01")),
        ("withdraw_involvement", EventKind.INVOLVEMENT_WITHDRAWN, withdraws, ("twice", "wrong_child")),
    ],
)
def test_of_two_changes_of_one_version_one_is_made(
    teacher: Asking,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
    kind: EventKind,
    change: Callable[[str, str, str], Request],
    each: tuple[str, str],
) -> None:
    child = teacher.child()
    made = teacher.record(child)
    path = f"/children/{child}/involvements/{told(made, 201)['id']}"
    meet_before(monkeypatch, action)
    answers = at_once(teacher, [change(path, made["ETag"], to) for to in each])
    (done,) = (one for one in answers if one.status_code in (200, 204))
    (late,) = (one for one in answers if one is not done)
    refused(late, *TOO_LATE.get(action, (412, "stale")))
    assert len(events(kind=kind)) == 1
    if action == "correct_involvement":
        (name,) = (to for to, one in zip(each, answers, strict=True) if one is done)
        assert told(teacher.get(path))["practitioner"] == name


def rows() -> int:
    with as_owner_here():
        return sum(row.details.open().practitioner == ENTRY["practitioner"] for row in Involvement.objects.all())


def test_entry_that_is_sent_by_many_at_once_with_one_key_stands_once(teacher: Asking) -> None:
    child = teacher.child()
    answers = at_once(teacher, [lambda asking: asking.record(child, key="once")] * SENT_AT_ONCE)
    for each in answers:
        if each.status_code != 201:
            assert refused(each, 409, "key_in_use")
    assert rows() == 1
    later = told(teacher.record(child, key="once"), 201)
    assert {told(each, 201)["id"] for each in answers if each.status_code == 201} == {later["id"]}
    assert (rows(), len(events(kind=EventKind.INVOLVEMENT_RECORDED))) == (1, 1)


def test_entry_that_is_still_at_work_is_not_begun_again(teacher: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    child = teacher.child()
    begun, let_go = threading.Event(), threading.Event()
    record = involvements.record_involvement

    def slowly(**asked: Any) -> object:
        begun.set()
        assert let_go.wait(SECONDS_TO_WAIT)
        return record(**asked)

    monkeypatch.setattr("api.views.involvements.record_involvement", slowly)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(in_another_thread, teacher, lambda asking: asking.record(child, key="once"))
        assert begun.wait(SECONDS_TO_WAIT)
        meanwhile = teacher.record(child, key="once")
        let_go.set()
        made = told(first.result(SECONDS_TO_WAIT), 201)
    refused(meanwhile, 409, "key_in_use")
    assert 1 <= int(meanwhile["Retry-After"]) <= 60
    assert told(teacher.record(child, key="once"), 201) == made
    assert rows() == 1
