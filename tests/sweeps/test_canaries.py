"""What somebody types, and what a feed brings, is nowhere in clear: not in the database, its log, Redis, logs, files.

A canary goes into every box of every form, and into every other part of a request, on the real service with its
worker; then everything that is kept anywhere is searched for it in many encodings. What is new fails here until it
is fed as well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django import forms

from tests.sweeps import mischief
from tests.sweeps.browser import Travels, route_of
from tests.sweeps.canaries import Aviary, Canary
from tests.sweeps.feeding import Feeder
from tests.sweeps.feeding_answers import type_answers
from tests.sweeps.feeding_cases import type_cases
from tests.sweeps.feeding_connections import type_connections
from tests.sweeps.feeding_handovers import type_handovers
from tests.sweeps.feeding_identities import type_identities
from tests.sweeps.feeding_keeping import type_archive, type_keeping
from tests.sweeps.feeding_lists import ask_for_system, type_lists, use_token
from tests.sweeps.feeding_merging import type_merging
from tests.sweeps.feeding_organisations import type_agreement, type_organisations, type_stops
from tests.sweeps.feeding_people import type_home, type_people
from tests.sweeps.feeding_reports import type_reports
from tests.sweeps.feeding_secrets import ask_for_proofs, type_alerts, type_log_filter, type_secrets
from tests.sweeps.feeding_shields import type_leave, type_shields
from tests.sweeps.feeding_suppliers import type_suppliers
from tests.sweeps.observed import observe
from tests.sweeps.planting import plant
from tests.sweeps.redis_names import names_said, values_counted
from tests.sweeps.routes import all_routes
from tests.sweeps.scanning import Finding, search

# All of them look at one sweep, which takes half a minute.
pytestmark = pytest.mark.xdist_group("canaries")

HIDDEN = {process: re.compile(f"{process}:[0-9a-f]{{64}}") for process in ("web", "sign_in")}
QUEUES = re.compile(r"queue:(_kombu\.binding(_permanent)?\.)?(worker|sequencer|examiner)")
NUMBERS = re.compile(r"\[?(true|-?[0-9.]+)?(, -?[0-9.]+)*\]?")
ALLAUTHS_YES = r"\"y\""  # that a code was used
AS_A_DIGEST = ", as a digest"
ERROR_PAGES = "error pages"
PLACES = (
    "database dump",
    f"database dump{AS_A_DIGEST}",
    "data directory",
    "write-ahead log",
    "PostgreSQL's log",
    "keys and values of Redis",
    "commands to Redis",
    "Redis's files",
    "web log",
    "sign-in log",
    "worker log",
    "sequencer log",
    "examiner log",
    "published checkpoints",
    "temporary files",
    "temporary files of an upload",
)

ENCODINGS = {
    *("plain", "UTF-16 little-endian", "UTF-16 big-endian", "URL", "URL form", "JSON", "HTML"),
    *("hexadecimal", "Base64", "md5", "sha1", "sha256"),
}

# Boxes that no canary goes into, each with its reason.
UNFED_BOXES = {
    "remember": "stands in allauth's form; ours takes it away, since sessions end with the browser",
    "csrfmiddlewaretoken": "made by the service; forged ones are among the mischief",
}
OUR_APPS = ("access", "audit", "contactpoint", "feeds", "pages", "registry", "review")


@dataclass(frozen=True)
class Swept:
    """What a whole sweep typed, met and found."""

    typed: list[Canary]
    travels: Travels
    planted: dict[str, Canary]
    found: set[Finding]
    redis_names: set[str]
    counted: set[str]


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swept]:
    with observe() as observed:
        feeder = Feeder(observed)
        feed(feeder)
        commands = observed.files()["commands to Redis"].read_text(errors="replace")
        planted = plant(observed)
        looked_for = [*feeder.aviary.canaries, *planted.values()]
        found = search(observed.places() | {ERROR_PAGES: refusals(feeder.travels, tmp_path_factory)}, looked_for)
        told = names_said(commands), values_counted(commands)
        yield Swept(feeder.aviary.canaries, feeder.travels, planted, found, *told)


def refusals(travels: Travels, directory: pytest.TempPathFactory) -> Path:
    """The bodies of all pages that say no."""
    file = directory.mktemp("pages") / "refusals"
    file.write_bytes(b"\n".join(answer.body for answer in travels.answers if answer.status >= 400))
    return file


def feed(feeder: Feeder) -> None:
    """Everything there is to type, in an order in which each step finds what it needs."""
    feeder.know_users()
    feeder.feed_child()
    feeder.type_while_signed_out()
    social_worker = feeder.sign_in("Priya Nair")
    feeder.type_searches(social_worker)
    feeder.type_involvement(social_worker, feeder.open_child(social_worker))
    psychologist = feeder.sign_in("Daniel Roe")
    feeder.type_sensitive_involvement(psychologist, feeder.open_child(psychologist))
    type_secrets(feeder, feeder.sign_in("Grace Mensah"), feeder.user("Grace Mensah"))
    feeder.take_call(feeder.sign_in("Helen Marsh"), feeder.user("Tom Hadley"))
    auditor = feeder.sign_in("Margaret Lowe")
    type_log_filter(feeder, auditor)
    ask_for_proofs(feeder, auditor)
    colleague = feeder.sign_in("Yusuf Demir")
    type_alerts(feeder, auditor, colleague)
    type_cases(feeder, auditor, colleague, social_worker)
    type_answers(feeder, auditor, colleague)
    administrator = feeder.sign_in("Oluwaseun Adeyemi")
    second = feeder.sign_in("Ruth Pemberton")
    type_people(feeder, administrator, second)
    type_connections(feeder, social_worker, administrator)
    type_reports(feeder, social_worker, administrator)
    record = type_shields(feeder, social_worker, administrator, second)
    type_leave(feeder, record, social_worker, administrator, second)
    type_identities(feeder, social_worker, administrator, second)
    type_suppliers(feeder, administrator)
    type_keeping(feeder, social_worker, administrator)
    type_archive(feeder, administrator, second)
    type_handovers(feeder, social_worker, administrator, second)
    type_merging(feeder, social_worker, administrator, second)
    type_lists(feeder, administrator)
    use_token(feeder, administrator, second)
    ask_for_system(feeder, administrator)
    type_organisations(feeder, administrator)
    type_stops(feeder, administrator)
    type_agreement(feeder, administrator)
    type_home(feeder, social_worker)
    feeder.run_worker()
    mischief.fail(feeder, social_worker)
    mischief.meddle(feeder, social_worker)
    feeder.sign_out(social_worker)


@pytest.mark.parametrize("place", PLACES)
def test_canary_in_clear_is_seen_in_each_place(swept: Swept, place: str) -> None:
    label = swept.planted[place].label
    assert (place.removesuffix(AS_A_DIGEST), label) in {(finding.place, finding.label) for finding in swept.found}


def test_every_encoding_of_a_canary_is_seen(tmp_path: Path) -> None:
    aviary = Aviary()
    for kind in (aviary.name, aviary.postcode, aviary.telephone, aviary.email):
        kind(kind.__name__)
    expected: set[Finding] = set()
    places: dict[str, Path] = {}
    for canary in aviary.canaries:
        for trace, encoding in (canary.traces() | canary.digests()).items():
            place = f"{canary.label} {encoding} {trace!r}"
            expected.add(Finding(place, canary.label, encoding))
            places[place] = tmp_path / str(len(places))
            places[place].write_bytes(b"\x00\xff " + trace + b"\n\x01")
    assert expected <= search(places, aviary.canaries)
    assert {finding.encoding for finding in expected} == ENCODINGS


def test_nothing_typed_or_fed_is_anywhere_in_clear(swept: Swept) -> None:
    typed = {canary.label for canary in swept.typed}
    leaks = [finding for finding in swept.found if finding.label in typed and finding.place != ERROR_PAGES]
    assert not leaks, "\n".join(map(str, sorted(leaks)))


def test_no_name_in_redis_tells_anything(swept: Swept) -> None:
    """Neither numbers of users, nor used codes, nor network addresses: a keyed hash, or the name of a queue."""
    kinds = {*HIDDEN.values(), QUEUES}
    assert {kind for name in swept.redis_names for kind in kinds if kind.fullmatch(name)} == kinds
    assert [name for name in swept.redis_names if not any(kind.fullmatch(name) for kind in kinds)] == []


def test_nothing_is_kept_in_redis_but_numbers(swept: Swept) -> None:
    assert swept.counted
    assert [value for value in swept.counted - {ALLAUTHS_YES} if not NUMBERS.fullmatch(value)] == []


def test_error_pages_repeat_nothing(swept: Swept) -> None:
    # The head of every page shows whose it is.
    repeated = [
        finding for finding in swept.found if finding.place == ERROR_PAGES and not finding.label.startswith("user ")
    ]
    assert not repeated, "\n".join(map(str, sorted(repeated)))


def test_every_box_of_every_page_was_filled(swept: Swept) -> None:
    unfilled = {(route, box) for route, box in swept.travels.seen - swept.travels.filled if box not in UNFED_BOXES}
    assert not unfilled, f"feed these in tests/sweeps/feeding.py: {sorted(unfilled)}"


def test_every_field_of_every_form_was_filled(swept: Swept) -> None:
    boxes = {box for _route, box in swept.travels.filled}
    unfilled = {
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in our_forms()
        for name, field in form.base_fields.items()
        if name not in UNFED_BOXES and not boxes & {name, f"{name}_day"}
    }
    assert not unfilled, f"feed these in tests/sweeps/feeding.py: {sorted(unfilled)}"


def test_every_route_was_tried(swept: Swept) -> None:
    met = {route_of(answer.path) for answer in swept.travels.answers}
    assert {route.name for route in all_routes()} <= met


def test_no_page_failed_but_the_one_that_was_made_to(swept: Swept) -> None:
    failed = [route_of(answer.path) for answer in swept.travels.answers if answer.status >= 500]
    assert failed == ["results"]


def our_forms() -> list[type[forms.BaseForm]]:
    """Every form class of ours that is loaded, which with the URL patterns all of them are."""
    all_routes()
    known, found = [forms.BaseForm], []
    while known:
        below = known.pop().__subclasses__()
        known += below
        found += [form for form in below if form.__module__.partition(".")[0] in OUR_APPS]
    return found
