"""One search through the whole service: the form sent, the results shown, both events written and committed.

Every middleware is passed, in this process: what a web server adds on top is not counted. Statements are timed where
Django hands them to the driver, so the time of the database has the way there and back in it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.actors import Actor
from audit.tickets import Ticket
from bench import people
from bench.mistakes import Asked
from bench.search.truth import Question
from registry.actions import finding
from registry.forms.searching import SearchForm
from registry.search import index
from registry.search.corroborating import Wanted
from registry.search.criteria import Criteria
from registry.search.find import Found
from registry.views import searching

Candidates = Callable[[Ticket, Wanted], list[tuple[int, int, bytes]]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question. Times are in milliseconds; `refused` says that the form did not take it.

    `candidates_ms` is the fetch of candidates alone, in all stages; `database_ms` every statement of both requests;
    `find_ms` the search with both its events; `view_ms` both requests from end to end, of which `cpu_ms` is the work of
    this process itself, whatever else the machine does.
    """

    question: Question
    found: tuple[int, ...]
    too_many: bool
    examined: int
    candidates_ms: float
    database_ms: float
    find_ms: float
    view_ms: float
    cpu_ms: float
    refused: bool = False

    @property
    def first(self) -> bool:
        return self.found[:1] == (self.question.child_id,)

    @property
    def in_ten(self) -> bool:
        return self.question.child_id in self.found[:10]


@dataclass(slots=True)
class _Clock:
    """What was seen of one search."""

    candidates: float = 0.0
    database: float = 0.0
    find: float = 0.0
    found: Found | None = None


@dataclass(slots=True)
class Practitioner:
    """One who searches, question by question."""

    browser: Client
    _clock: _Clock = field(default_factory=_Clock)
    _forgery_token: str = ""

    def ask(self, question: Question) -> Outcome:
        """Search as a person does: send the form, follow to the results."""
        self._clock = clock = _Clock()
        begun, begun_working = time.perf_counter(), time.process_time()
        page = self._search(question.asked)
        view, work = time.perf_counter() - begun, time.process_time() - begun_working
        if clock.found is None and page != 200:  # noqa: PLR2004 - shown again with what is wrong
            raise SystemExit(f"A search was answered with {page}. Is the service's state of this version?")
        found = clock.found or Found(())
        return Outcome(
            question=question,
            found=tuple(match.child_id for match in found.matches),
            too_many=bool(found.refine),
            examined=found.examined,
            candidates_ms=clock.candidates * 1000,
            database_ms=clock.database * 1000,
            find_ms=clock.find * 1000,
            view_ms=view * 1000,
            cpu_ms=work * 1000,
            refused=clock.found is None,
        )

    def _search(self, asked: Asked) -> int:
        """The status of the last page: of the form where it was shown again, else of the results."""
        self._forgery_token = self._forgery_token or people.forgery_token(self.browser)
        typed = as_typed(asked) | {"csrfmiddlewaretoken": self._forgery_token}
        answer = self.browser.post(reverse("search"), typed)
        if "Location" not in answer.headers:
            return answer.status_code
        return self.browser.get(answer.headers["Location"]).status_code

    def time_statement(self, execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, *arguments)
        finally:
            self._clock.database += time.perf_counter() - begun

    def time_candidates(self, candidates: Candidates) -> Candidates:
        def timed(searched: Ticket, wanted: Wanted) -> list[tuple[int, int, bytes]]:
            begun = time.perf_counter()
            fetched = candidates(searched, wanted)
            self._clock.candidates += time.perf_counter() - begun
            return fetched

        return timed

    def time_search(self, search: Callable[..., Found]) -> Callable[..., Found]:
        def timed(*, actor: Actor, criteria: Criteria, trail: UUID) -> Found:
            begun = time.perf_counter()
            self._clock.found = search(actor=actor, criteria=criteria, trail=trail)
            self._clock.find = time.perf_counter() - begun
            return self._clock.found

        return timed


@contextmanager
def practitioner(browser: Client) -> Iterator[Practitioner]:
    """Somebody whose searches are timed: the action that the page calls, its candidates, and each statement."""
    one = Practitioner(browser)
    browser.get(reverse("search"))
    with (
        patch.object(searching, "search", one.time_search(finding.search)),
        patch.object(index, "candidates", one.time_candidates(index.candidates)),
        connection.execute_wrapper(one.time_statement),
    ):
        yield one


def as_typed(asked: Asked) -> dict[str, str]:
    """What stands in the boxes of the form."""
    born = asked.date_of_birth
    typed = {
        "given_name": asked.given,
        "family_name": asked.family,
        "date_of_birth_day": f"{born:%d}" if born else "",
        "date_of_birth_month": f"{born:%m}" if born else "",
        "date_of_birth_year": f"{born:%Y}" if born else "",
        "age": "" if asked.age is None else str(asked.age),
        "postcode": asked.postcode,
        "house": asked.house,
        "street": asked.street,
    }
    return {name: text for name, text in typed.items() if text}


def is_taken(asked: Asked) -> bool:
    """Whether the form takes it."""
    return SearchForm(as_typed(asked), today=timezone.localdate()).is_valid()


def criteria(asked: Asked) -> Criteria:
    """The criteria as the form makes them. Raises ValueError when it refuses them."""
    form = SearchForm(as_typed(asked), today=timezone.localdate())
    if not form.is_valid():
        raise ValueError("The form refuses this question.")
    return form.criteria()
