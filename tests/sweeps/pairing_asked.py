"""What everybody asks of a world, and what can be told of an answer: the page, its headers, and the rows behind it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.door.references import refer_to_organisation, refer_to_user
from access.models import Role
from audit.reasons import Reason
from registry.references import refer_to
from tests.integration.registry.people import BORN, HOME
from tests.pdf import text_in
from tests.sweeps.pairing import FIRST_HIDDEN, ONE, OTHER, Caller, Hidden, World
from tests.sweeps.routes import Route, all_routes, undone

LOOKING_UP = (Role.PRACTITIONER, Role.MEDIATOR)
ASKED_EVERYTHING = ("teacher elsewhere",)  # of the others, what only the searcher could change
OF_EACH = ("names and date", "names and postcode", "NHS number of", "former name of", "name, house")
FORBIDDEN = 403
# What differs from one request to the next whatever is asked: sealed references, keys, tokens of forms, times.
NOISE = (
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'), "TOKEN OF THE FORM"),
    (re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"), "MOMENT"),
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r'data-(standing|seconds|longest|call)="[^"]*"'), "SECONDS"),
    (re.compile(r'"(seconds|longest)": \d+'), "SECONDS"),
    (re.compile(r"\b[0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2})?\b ?(?:am|pm)?"), "TIME"),
    (re.compile(r"(?<=Patient/)[A-Za-z0-9.-]{64}|(?<=\"id\":\")[A-Za-z0-9.-]{64}"), "SEALED"),
    (re.compile(r"[A-Za-z0-9_-]{43,}"), "SEALED"),
    (re.compile(r'"following": ?"[A-Za-z0-9_-]{22}"'), "DRAWN BY LOT"),
    # No examiner runs beside this sweep: which of the two it is, is the time that went by.
    (re.compile(r'<div class="notice">\s*<h2>Nothing has been examined.*?</div>', re.DOTALL), "EXAMINED SO FAR"),
    (re.compile(r'<p class="govuk-body">Examined up to .*?</p>'), "EXAMINED SO FAR"),
)
# Headers that say when, or to which request, something was answered.
OF_THE_REQUEST = {"x-request-id", "date", "last-modified", "expires"}
LENGTH = "content-length"  # of noise too: the body without it is compared
# Statements that depend on the time that went by: a session is kept alive every so often.
BY_THE_CLOCK = ("SAVEPOINT", "access_session_save")


@dataclass(frozen=True)
class Answer:
    """All that can be told of an answer once noise is taken away; `rows` are of each statement, in their order."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    rows: tuple[tuple[str, int], ...] = field(repr=False)


class Asking:
    """One caller in one world. What they were answered is in `answers`, by what they asked."""

    def __init__(self, caller: Caller, answers: dict[str, Answer]) -> None:
        self._caller, self._answers = caller, answers
        self._browser: Client = caller.browser()

    def ask(self, what: str, method: str, path: str, typed: Mapping[str, Any] | None = None) -> HttpResponse:
        """Ask, note the answer under `what`, and return it."""
        rows: list[tuple[str, int]] = []

        def noted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            done = execute(sql, params, many, context)
            if not any(each in sql for each in BY_THE_CLOCK):
                rows.append((sql[:200], context["cursor"].rowcount))
            return done

        with connection.execute_wrapper(noted):
            response = self.send(method, path, typed or {})
            body = _body(response)
        said = sorted((name.lower(), quiet(value)) for name, value in response.headers.items())
        self._answers[f"{self._caller.name}: {what}"] = Answer(
            status=response.status_code,
            headers=tuple((name, value) for name, value in said if name not in {*OF_THE_REQUEST, LENGTH}),
            body=body,
            rows=tuple(rows),
        )
        return response

    def send(self, method: str, path: str, typed: Mapping[str, Any]) -> HttpResponse:
        """As a browser sends a form."""
        response: HttpResponse = getattr(self._browser, method.lower())(path, typed)
        return response

    def follow(self, what: str, path: str, typed: Mapping[str, str]) -> HttpResponse:
        """Send a form, and go where it leads."""
        answer = self.ask(what, "POST", path, typed)
        return self.ask(f"{what}, then", "GET", answer.url) if answer.status_code == 302 else answer

    def fill(self, what: str, path: str, **typed: str) -> HttpResponse:
        """Look at a form and send it as it is shown, with these boxes filled."""
        shown = self.ask(f"{what}, shown", "GET", path)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.content.decode()))
        return self.follow(what, path, hidden | typed)


def quiet(text: str) -> str:
    """Without what differs whatever is asked."""
    for noise, name in NOISE:
        text = noise.sub(name, text)
    return text


def _body(response: HttpResponse) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("application/pdf"):
        return f"{len(content) // 512}: {quiet(text_in(content))}"
    return quiet(content.decode(errors="replace"))


def look(world: World, caller: Caller, answers: dict[str, Answer]) -> None:
    """Everything that somebody who looks children up can do about the child: find, open, and try the rest."""
    asking = Asking(caller, answers)
    in_call = _in_call(asking) if caller.role == Role.MEDIATOR else {}
    for name, typed in searches(all_of_them=caller.name in ASKED_EVERYTHING).items():
        asking.follow(f"search by {name}", reverse("search"), typed | in_call)
    found = asking.follow("search", reverse("search"), _names() | _born() | in_call).content.decode()
    (reference,) = set(re.findall(r"/record/([^/]+)/reason/", found)) or {refer_to(caller.actor, world.child_id)}
    asking.fill("the reason", reverse("open_record", args=[reference]), reason=Reason.SAFEGUARDING.value, **in_call)
    for route in about_a_child():
        for method in ("GET", "POST"):
            asking.ask(f"opened, {method} {route.name}", method, path_of(route, world, caller))
    if caller.role == Role.PRACTITIONER:
        typed = {"urgent": "no", "reason": "refuge", "asker": "carer", "identity_check": "known_from_work"}
        asking.fill("ask for a shield", reverse("ask_shield", args=[reference]), **typed)


def every_route(
    world: World, caller: Caller, answers: dict[str, Answer], left_out: Mapping[str, str], when: str = ""
) -> None:
    """Each address that the service has, as this caller, looked at and sent empty."""
    for route in all_routes():
        if route.name in left_out:
            continue
        path = path_of(route, world, caller)
        for method in ("GET", "POST"):
            with undone(route):
                answer = Asking(caller, answers).ask(f"{when}{method} {route.name}", method, path)
            if answer.status_code == FORBIDDEN:
                break  # whichever way it is asked


def path_of(route: Route, world: World, caller: Caller) -> str:
    """The route about the child, their services and who works there, where it takes a reference or a number."""
    path = route.path
    if caller.actor is None:
        return path
    for start, reference in (
        ("/record/", refer_to(caller.actor, world.child_id)),
        ("/shields/", refer_to(caller.actor, world.child_id)),
        ("/people/", refer_to_user(caller.actor, world.town.therapist.pk)),
        ("/organisations/", refer_to_organisation(caller.actor, world.town.clinic.pk)),
    ):
        if path.startswith(f"{start}made-up/"):
            path = path.replace("made-up", reference, 1)
    return path.replace("/involvements/1/", f"/involvements/{FIRST_HIDDEN}/")


def about_a_child() -> list[Route]:
    """Routes that take a reference to a child."""
    return [route for route in all_routes() if route.path.startswith("/record/")]


def _in_call(asking: Asking) -> dict[str, str]:
    """What the forms of a mediator's call carry."""
    shown = asking.ask("the search", "GET", reverse("search")).content.decode()
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown))
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def searches(*, all_of_them: bool) -> dict[str, dict[str, str]]:
    """Each kind of query, right and wrong, by what is visible and by what is hidden in one world and in the other.

    Without `all_of_them` one of each family of them.
    """
    asked = {
        "names and date": _names() | _born(),
        "names, one wrong, and date": _names(given="Amena") | _born(),
        "both names wrong and date": _names(given="Ammina", family="Hussian") | _born(),
        "date a day out": _names() | _born(day=1),
        "given name and date": {"given_name": "Amina"} | _born(),
        "family name and date": {"family_name": "Hussain"} | _born(),
        "names and age": _names() | {"age": str(date.today().year - BORN.year)},  # noqa: DTZ011 - as a form is filled
        "names and gender": _names() | _born() | {"gender": "female"},
        "the postcode of many": _names() | {"postcode": HOME},
        "the district of many": _names() | {"postcode": HOME.split()[0]},
        "a number of nobody": {"number": "9990000018"},
    }
    for which, hidden in {"one": ONE, "other": OTHER}.items():
        asked |= {f"{name} of {which}": typed for name, typed in _by_hidden(hidden).items()}
    return asked if all_of_them else {name: typed for name, typed in asked.items() if name.startswith(OF_EACH)}


def _by_hidden(hidden: Hidden) -> dict[str, dict[str, str]]:
    house, _, street = hidden.street.partition(" ")
    slip = hidden.postcode[:-1] + ("C" if hidden.postcode[-1] != "C" else "D")
    earlier = {"postcode": hidden.earlier}
    return {
        "names and postcode": _names() | {"postcode": hidden.postcode},
        "names, date and postcode": _names() | _born() | {"postcode": hidden.postcode},
        "names and district": _names() | _born() | {"postcode": hidden.postcode.split()[0]},
        "names and a postcode like it": _names() | {"postcode": slip},
        "wrong names and postcode": _names(given="Amena", family="Husain") | {"postcode": hidden.postcode},
        "family name and postcode": {"family_name": "Hussain", "postcode": hidden.postcode},
        "names and earlier postcode": _names() | earlier,
        "name, house and street": {"given_name": "Amina", "house": house, "street": street},
        "name, date, house and street": {"given_name": "Amina", "house": house, "street": street} | _born(),
        "NHS number": {"number": hidden.nhs},
        "pupil number": {"number": hidden.upn},
        "NHS number and names": {"number": hidden.nhs} | _names() | _born(),
        "former name": _names(family=hidden.former) | _born(),
        "former name, wrong": _names(family=hidden.former[:-1]) | _born(),
        "former name alone": {"family_name": hidden.former} | _born(),
        "former name and postcode": _names(family=hidden.former) | {"postcode": hidden.postcode},
        "name that they go by": _names(given=hidden.known_as) | _born(),
    }


def _names(given: str = "Amina", family: str = "Hussain") -> dict[str, str]:
    return {"given_name": given, "family_name": family}


def _born(day: int = 0) -> dict[str, str]:
    parts = {"day": BORN.day + day, "month": BORN.month, "year": BORN.year}
    return {f"date_of_birth_{part}": str(value) for part, value in parts.items()}
