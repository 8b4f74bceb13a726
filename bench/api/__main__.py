"""A search by the API beside the page's, and many requests a second against the service as in earnest.

    DJANGO_SETTINGS_MODULE=contactpoint.settings.local python -m bench.api [--json FILE]

Against the England that the state directory holds, as bench.search, while `make demo` does not run. The same questions
go through the page (form and results: two requests) and through the API (one), each first every other time, in this
process; then requests of all kinds go over HTTP to the web server, begun at an even pace whatever becomes of those
before, by a process of their own on the same cores. Budgets and rates are lifted. Goals: the API's search within 10 ms
of the page's at p95; 50 requests a second with p95 under 250 ms.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from access.models import Role  # noqa: E402
from bench import people, tables  # noqa: E402
from bench.api import serving  # noqa: E402
from bench.api.asking import as_sent  # noqa: E402
from bench.search import asking, kinds, truth  # noqa: E402
from bench.search.truth import Question  # noqa: E402
from contactpoint.local import state  # noqa: E402
from registry.management.commands.make_demonstration import SEED  # noqa: E402
from registry.search import index  # noqa: E402

MOST_LOOKED_AT = 400_000
WARM_UP = 50
SEARCHES = "/api/v1/searches"
FOUND = 200


def main() -> None:
    options = _options()
    index.tokeniser()
    questions = _questions(options)
    settings.API_RATES = dict.fromkeys(settings.API_RATES, people.UNLIMITED)
    token, *others = _tokens(options)
    with people.unlimited():
        compared = _compare(questions, options.users_file, token)
        pressed = serving.press([as_sent(each.asked) for each in questions], others, options.rate, options.seconds)
    _show(compared, pressed, options)
    tables.write_json(options.json, {"compared": compared, "pressed": pressed})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--children", type=int, default=20_000, help="how many the England was made with")
    parser.add_argument("--england-seed", type=int, default=SEED, help="the seed that it was made with")
    parser.add_argument("--queries", type=int, default=300, help="questions")
    parser.add_argument("--rate", type=float, default=50, help="requests begun in a second")
    parser.add_argument("--seconds", type=float, default=30, help="for how long")
    parser.add_argument("--people", type=int, default=2, help="in whose names requests come, beside")
    parser.add_argument("--seed", type=int, default=1, help="which children are asked for, and what is typed wrong")
    parser.add_argument("--users-file", type=Path, default=state.directory() / "users.json")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


def _questions(options: argparse.Namespace) -> list[Question]:
    """As many questions of each kind, in random order; none that the form refuses."""
    random = Random(options.seed)
    country = truth.england(options.children, options.england_seed)
    each = -(-options.queries // len(kinds.KINDS))
    children, today = country.random_children(random), timezone.localdate()
    made = truth.questions(children, kinds.KINDS, each=each, most=MOST_LOOKED_AT, today=today, random=random)
    taken = [question for question in made if asking.is_taken(question.asked)]
    return random.sample(taken, min(options.queries, len(taken)))


def _tokens(options: argparse.Namespace) -> list[str]:
    """Access tokens of practitioners of the demonstration; the first one's searches are compared."""
    known = json.loads((state.directory() / "system.json").read_text())
    users = json.loads(options.users_file.read_text())
    emails = [each["email"] for each in users if each["role"] == Role.PRACTITIONER][: 1 + options.people]
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "bench.api.letting_act", known["client_id"], *emails],
        env=os.environ | {"DATABASE_ROLE": "sign_in"},
        cwd=state.PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    tokens: list[str] = json.loads(done.stdout)
    return tokens


def _compare(questions: Sequence[Question], users_file: Path, token: str) -> dict[str, list[float]]:
    """Milliseconds of each search by the page and by the API, by turns, so that both meet the same machine."""
    times: dict[str, list[float]] = {"page": [], "api": []}
    software = Client(SERVER_NAME="localhost")
    with people.browser(users_file) as browser, asking.practitioner(browser) as one:
        ways = {"page": lambda asked: one.ask(asked).view_ms, "api": lambda asked: _search(software, token, asked)}
        for number, question in enumerate([*questions[:WARM_UP], *questions]):
            # Whoever asks second finds pages of the database that were read just now.
            for name in ("page", "api") if number % 2 else ("api", "page"):
                milliseconds = ways[name](question)
                if number >= min(WARM_UP, len(questions)):
                    times[name].append(milliseconds)
    return times


def _search(software: Client, token: str, question: Question) -> float:
    begun = time.perf_counter()
    answer = software.post(
        SEARCHES,
        json.dumps(as_sent(question.asked)),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    took = (time.perf_counter() - begun) * 1000
    if answer.status_code != FOUND:
        raise SystemExit(f"A search was answered with {answer.status_code}: {answer.content.decode()}")
    return took


def _show(compared: dict[str, list[float]], pressed: dict[str, Any], options: argparse.Namespace) -> None:
    rows = [_row(name, times) for name, times in compared.items()]
    apart = tables.percentile(compared["api"], 95) - tables.percentile(compared["page"], 95)
    notes = [
        f"{len(compared['api'])} searches each, by turns. The API's p95 less the page's: {apart:.1f} ms; goal: 10."
    ]
    tables.show("One search, ms, from request to answer", rows, notes=notes)
    rows = [_row(name, each["milliseconds"]) for name, each in pressed["kinds"].items()]
    rows.append(_row("all", [ms for each in pressed["kinds"].values() for ms in each["milliseconds"]]))
    notes = [
        f"{pressed['begun']} requests begun at {options.rate:.0f} a second. Goal: p95 under 250 ms at 50 a second."
    ]
    tables.show("Requests over HTTP, ms, from when each was to begin", rows, notes=notes)


def _row(name: str, milliseconds: Sequence[float]) -> tables.Row:
    return {
        "what": name,
        "requests": len(milliseconds),
        "p50": tables.percentile(milliseconds, 50),
        "p95": tables.percentile(milliseconds, 95),
        "max": max(milliseconds),
    }


if __name__ == "__main__":
    main()
