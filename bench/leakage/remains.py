"""After so many searches: does a token stand anywhere on the disk with what it means?

    DJANGO_SETTINGS_MODULE=contactpoint.settings.local python -m bench.leakage.remains [--searches 1000]

Against the registry of the state directory. Searches for children with invented names, through the whole service as a
signed-in practitioner, and notes the tokens that were asked for. Then looks for the names, and for the
first five tokens of each query, in every file of the state directory (tables, write-ahead log, server logs,
Redis) and in the statistics views of PostgreSQL. See Grubbs, Ristenpart, Shmatikov, "Why Your Encrypted Database Is Not
Secure", HotOS 2017: what a stolen snapshot holds besides its tables.
"""

import argparse
import base64
import os
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import django

django.setup()

import psycopg  # noqa: E402 - Django first
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from audit.tickets import Ticket  # noqa: E402
from bench import people, tables  # noqa: E402
from bench.mistakes import Asked  # noqa: E402
from bench.search import asking  # noqa: E402
from contactpoint.local import state  # noqa: E402
from registry.processes import progress  # noqa: E402
from registry.search import index  # noqa: E402
from registry.search.corroborating import Wanted  # noqa: E402

VIEWS = {
    "pg_stat_activity": "SELECT query FROM pg_stat_activity",
    "pg_stats, other than of tokens": "SELECT pg_stats::text FROM pg_stats WHERE schemaname <> 'search'",
    "pg_prepared_statements": "SELECT statement FROM pg_prepared_statements",
}
PLANTED = "planted"
LOOKED_FOR = 5
GREP = ("grep", "--files-with-matches", "--text", "--fixed-strings", "--recursive")
LETTERS = "bcdfghklmnprstvwz"


def main() -> None:
    options = _options()
    names, asked = _search(options.searches, options.users_file, Random(options.seed))
    if not asked:
        raise SystemExit("No search asked for a token. Is the index of this registry built?")
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as views:
        _write_views(Path(views))
        # The last trace must be found, or nothing that is not found means anything.
        (Path(views) / PLANTED).write_bytes(names[-1].encode() + b" " + list(_of_tokens(asked))[-1])
        for directory in (Path(views), state.directory()):
            of_name, of_tokens = _holding(directory, _of_names(names)), _holding(directory, _of_tokens(asked))
            rows += [
                {"where": file, "a name": file in of_name, "tokens as asked": file in of_tokens}
                for file in sorted(of_name | of_tokens)
            ]
    note = f"{options.searches:,} searches, {len(asked):,} queries of {sum(map(len, asked)):,} tokens in all."
    tables.show("What remains on the disk", rows, notes=[note, f"'{PLANTED}' was put there to be found."])
    tables.write_json(options.json, {"searches": options.searches, "queries": len(asked), "found": rows})


def _search(count: int, users_file: Path, random: Random) -> tuple[list[str], list[list[int]]]:
    """Search for invented children. Returns their names, and the tokens of each query in the order they were sent."""
    names: list[str] = []
    asked: list[list[int]] = []
    fetch = index.candidates

    def noted(searched: Ticket, wanted: Wanted) -> list[Any]:
        asked.extend(sorted(tokens) for tokens in (wanted.alone, wanted.corroborated) if tokens)
        return fetch(searched, wanted)

    with ExitStack() as stack:
        stack.enter_context(people.unlimited())
        browser = stack.enter_context(people.browser(users_file))
        stack.enter_context(patch.object(index, "candidates", noted))
        shown = stack.enter_context(progress())
        for _ in shown.track(range(count), description="Searching"):
            given, family = _invented(random), _invented(random)
            names += [given, family]
            _ask(browser, given, family, random)
    return names, asked


def _ask(browser: Client, given: str, family: str, random: Random) -> None:
    born = date(random.randint(2012, 2024), random.randint(1, 12), random.randint(1, 28))
    typed = asking.as_typed(Asked(given, family, born)) | {"csrfmiddlewaretoken": people.forgery_token(browser)}
    answer = browser.post(reverse("search"), typed)
    if "Location" not in answer.headers:
        raise SystemExit(f"A search was answered with {answer.status_code}. Is the state of this version?")
    browser.get(answer.headers["Location"])


def _invented(random: Random) -> str:
    """A name that nobody has, long enough to stand nowhere by chance."""
    return "".join(random.choice(LETTERS) + random.choice("aeiou") for _ in range(6)).capitalize()


def _of_names(names: list[str]) -> Iterator[bytes]:
    """In clear in either case, in hexadecimal, and in base64 as it may begin."""
    for name in names:
        for written in {name, name.lower(), name.upper()}:
            yield written.encode()
            yield written.encode().hex().encode()
            yield base64.b64encode(written.encode()).rstrip(b"=")


def _of_tokens(asked: list[list[int]]) -> Iterator[bytes]:
    """The first few of each query, as text, and as PostgreSQL stores and sends them."""
    for query in asked:
        if len(first := query[:LOOKED_FOR]) == LOOKED_FOR:  # fewer would stand somewhere by chance
            yield from (between.join(map(str, first)).encode() for between in (",", ", "))
            yield struct.pack(f"<{LOOKED_FOR}i", *first)
            yield b"".join(struct.pack("!ii", 4, token) for token in first)


def _holding(directory: Path, traces: Iterator[bytes]) -> set[str]:
    """The files below `directory` in which any of the traces stands."""
    with tempfile.NamedTemporaryFile() as patterns:
        patterns.write(b"\n".join({trace for trace in traces if b"\n" not in trace}))  # grep takes a line each
        patterns.flush()
        finished = subprocess.run(  # noqa: S603 - our own patterns and directory
            [*GREP, f"--file={patterns.name}", "."],
            cwd=directory,
            capture_output=True,
            env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
            check=False,
        )
    if finished.returncode > 1:
        raise SystemExit(f"grep could not search {directory}: {finished.stderr.decode()}")
    return set(finished.stdout.decode().splitlines())


def _write_views(directory: Path) -> None:
    """What the statistics views say, a file each, to be searched as the others are."""
    with psycopg.connect(people.address("owner")) as owner:
        for name, query in VIEWS.items():
            rows = owner.execute(query).fetchall()
            (directory / name).write_text("\n".join(str(row[0]) for row in rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--searches", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--users-file", type=Path, default=state.directory() / "users.json")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
