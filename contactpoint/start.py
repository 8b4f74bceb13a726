"""The start page of each role, and the pages that anybody may read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.door.actors import actor_of, user_of
from access.door.calls import call_in
from access.door.routes import public, vetted
from access.people.asked import asked_of
from access.people.selectors.people import MOST_COUNTED
from access.people.selectors.waiting import RUNNING_OUT_WITHIN, waiting_counts
from access.rules.administering import Reach, reach_of
from access.rules.roles import Permission, permissions_of
from access.sign_in import breached_passwords
from access.systems.selectors import systems_waiting
from audit.actors import Actor
from feeds.selectors.batches import waiting as feeds_waiting
from registry.selectors.archive import waiting as archives_waiting
from registry.selectors.connections import waiting as connections_waiting
from registry.selectors.handovers import waiting as handovers_waiting
from registry.selectors.identities import waiting as identities_waiting
from registry.selectors.merging import waiting as merges_waiting
from registry.selectors.reports import waiting as reports_waiting
from registry.selectors.shields import waiting as shields_waiting
from review.case_policies import cases_waiting
from review.rules.weights import weights
from review.selectors.cases import Shown

# What each permission lets a person begin with: text, page, one sentence.
TASKS: tuple[tuple[Permission, str, str, str], ...] = (
    (
        Permission.CHILD_SEARCH,
        "Find a child",
        "search",
        "Find out who else is working with a child, and ring them.",
    ),
    (
        Permission.CHILD_RECALL,
        "Records I opened lately",
        "lately",
        "Go back to a child whose record you opened in the last 7 days. That you look is recorded.",
    ),
    (
        Permission.CONNECTION_ASK,
        "Connections I asked for",
        "my_connections",
        "See how far the management team is with putting you in touch with a sensitive service.",
    ),
    (
        Permission.REPORT_MAKE,
        "What I reported",
        "my_reports",
        "See what became of what you reported as wrong on a record.",
    ),
    (
        Permission.PEOPLE_LIST,
        "People",
        "people",
        "Invite people, record their checks, and see whose run out next.",
    ),
    (
        Permission.ORGANISATION_KEEP,
        "Organisations",
        "organisations",
        "Accredit the organisations that you look after, and see who administers them.",
    ),
    (
        Permission.SHIELD_DECIDE,
        "Protected children",
        "shields",
        "Decide whose details are hidden, review it, and end it. Two people take each decision.",
    ),
    (
        Permission.CONNECTION_MAKE,
        "Connections asked for",
        "connections",
        "Put people in touch with a sensitive service, without telling them which it is.",
    ),
    (
        Permission.SHIELD_DECIDE,
        "New identities",
        "identities",
        "Close the record of a child who has a new name, and begin another that nothing leads to.",
    ),
    (
        Permission.MATCH_DECIDE,
        "Doubtful matches",
        "matches",
        "Say whether what a supplier sent is about a child on record, one after another.",
    ),
    (
        Permission.REPORT_ANSWER,
        "Reported as wrong",
        "reports",
        "See what people who work with children found wrong on records, have it mended, and tell them.",
    ),
    (
        Permission.BATCH_KEEP,
        "What suppliers send",
        "batches",
        "Send a supplier’s file, see what it would change, let it in, and take it back.",
    ),
    (
        Permission.RECORD_KEEP,
        "Kept to the 25th birthday",
        "find_keeping",
        "Keep the record of a care leaver, or of somebody with a learning disability, who wants it.",
    ),
    (
        Permission.ARCHIVE_READ,
        "Archive",
        "archive",
        "Read, with another administrator, the record of somebody who has grown up, died or left England.",
    ),
    (
        Permission.HANDOVER_KEEP,
        "Records that change hands",
        "handovers",
        "Offer a record to another council when a child moves, and take over what is offered to yours.",
    ),
    (
        Permission.UNPLACED_LIST,
        "Children with no education setting",
        "unplaced",
        "See who of school age has no school on their record. That you look, and at whom, is recorded.",
    ),
    (
        Permission.MERGE_DECIDE,
        "Two records of one child",
        "merges",
        "Put a second record of a child under the first, or part two that are not one child’s.",
    ),
    (
        Permission.SERVICE_STOP,
        "Emergency stop",
        "stops",
        "Refuse one person, one organisation or everybody at once, and see what is stopped.",
    ),
    (
        Permission.LOG_READ,
        "Cases",
        "cases",
        "Work through what stands out among accesses, what weighs most first.",
    ),
    (
        Permission.LOG_READ,
        "Access log",
        "log",
        "See every search, every record opened and every refusal in your authority.",
    ),
    (
        Permission.LOG_READ,
        "Alerts",
        "alerts",
        "Look into what the service noticed by itself, and say what came of it.",
    ),
)


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits for the reader: a sentence with its number, and the page where it is dealt with."""

    sentence: str
    href: str


def _people_waiting(actor: Actor) -> Iterator[Waits]:
    reach, days = reach_of(actor), RUNNING_OUT_WITHIN.days
    counts = waiting_counts(actor, reach, today=timezone.localdate())
    for number, one, many, href in (
        (counts.decisions, "decision waits for you", "decisions wait for you", reverse("approvals")),
        (
            counts.running_out,
            f"person’s checks run out within {days} days, or have run out",
            f"people’s checks run out within {days} days, or have run out",
            reverse("expiring", query={"days": days}),
        ),
        (
            counts.invited,
            "invited person has not followed their link yet",
            "invited people have not followed their link yet",
            reverse("people", query={"state": "invited"}),
        ),
        (
            counts.closed,
            "organisation has closed, and people still work there",
            "organisations have closed, and people still work there",
            reverse("organisations"),
        ),
    ):
        if number:
            yield Waits(f"{_up_to(number)} {one if number == 1 else many}", href)
    yield from _systems_waiting(actor, reach)


def _systems_waiting(actor: Actor, reach: Reach) -> Iterator[Waits]:
    if number := systems_waiting(actor, reach):
        words = "system waits for you to accredit it" if number == 1 else "systems wait for you to accredit them"
        yield Waits(f"{number} {words}", reverse("systems"))


def _shields_waiting(_actor: Actor) -> Iterator[Waits]:
    counts, href = shields_waiting(), reverse("shields")
    for number, one, many in (
        (counts.to_decide, "request to protect a child’s details waits", "requests to protect children’s details wait"),
        (counts.to_approve, "decision about protection waits for you", "decisions about protection wait for you"),
        (counts.to_review, "protection is to be reviewed", "protections are to be reviewed"),
    ):
        if number:
            yield Waits(f"{_up_to(number)} {one if number == 1 else many}", href)


def _connections_waiting(_actor: Actor) -> Iterator[Waits]:
    if number := connections_waiting():
        words = "connection asked for waits" if number == 1 else "connections asked for wait"
        yield Waits(f"{_up_to(number)} {words}", reverse("connections"))


def _identities_waiting(_actor: Actor) -> Iterator[Waits]:
    counts, href = identities_waiting(), reverse("identities")
    for number, one, many in (
        (counts.to_approve, "new identity waits for you to approve it", "new identities wait for you to approve them"),
        (
            counts.to_open,
            "request to show a new record’s number waits",
            "requests to show a new record’s number wait",
        ),
    ):
        if number:
            yield Waits(f"{_up_to(number)} {one if number == 1 else many}", href)


def _matches_waiting(_actor: Actor) -> Iterator[Waits]:
    if number := feeds_waiting().matches:
        words = "doubtful match waits for you" if number == 1 else "doubtful matches wait for you"
        yield Waits(f"{_up_to(number)} {words}", reverse("matches"))


def _reports_waiting(_actor: Actor) -> Iterator[Waits]:
    if number := reports_waiting():
        words = "report of something wrong waits" if number == 1 else "reports of something wrong wait"
        yield Waits(f"{_up_to(number)} {words}", reverse("reports"))


def _batches_waiting(_actor: Actor) -> Iterator[Waits]:
    counts, href = feeds_waiting(), reverse("batches")
    for number, one, many in (
        (counts.batches, "checked batch waits to be let in", "checked batches wait to be let in"),
        (
            counts.bounds,
            "suggestion about what is linked without a person waits",
            "suggestions about what is linked without a person wait",
        ),
    ):
        if number:
            yield Waits(f"{_up_to(number)} {one if number == 1 else many}", href)


def _archives_waiting(_actor: Actor) -> Iterator[Waits]:
    if number := archives_waiting():
        words = "request to read the archive waits" if number == 1 else "requests to read the archive wait"
        yield Waits(f"{_up_to(number)} {words}", reverse("archive"))


def _handovers_waiting(_actor: Actor) -> Iterator[Waits]:
    if number := handovers_waiting():
        words = "record is offered to your council" if number == 1 else "records are offered to your council"
        yield Waits(f"{_up_to(number)} {words}", reverse("handovers"))


def _merges_waiting(_actor: Actor) -> Iterator[Waits]:
    if number := merges_waiting():
        words = "request about two records waits" if number == 1 else "requests about two records wait"
        yield Waits(f"{_up_to(number)} {words}", reverse("merges"))


def _cases_waiting(actor: Actor) -> Iterator[Waits]:
    (to_do, second), most = cases_waiting(actor), weights().score.budget
    for number, what_for, href in (
        (to_do, "to be taken", reverse("cases")),
        (second, "for a second auditor", reverse("cases", query={"show": Shown.SECOND})),
    ):
        if number:
            yield Waits(f"{_up_to(number, most)} {'case waits' if number == 1 else 'cases wait'} {what_for}", href)


# What waits for whoever holds a permission, counted anew each time the page is shown. Only numbers, which name nobody.
WAITING: tuple[tuple[Permission, Callable[[Actor], Iterator[Waits]]], ...] = (
    (Permission.PEOPLE_LIST, _people_waiting),
    (Permission.SHIELD_DECIDE, _shields_waiting),
    (Permission.CONNECTION_MAKE, _connections_waiting),
    (Permission.SHIELD_DECIDE, _identities_waiting),
    (Permission.MATCH_DECIDE, _matches_waiting),
    (Permission.REPORT_ANSWER, _reports_waiting),
    (Permission.BATCH_KEEP, _batches_waiting),
    (Permission.ARCHIVE_READ, _archives_waiting),
    (Permission.HANDOVER_KEEP, _handovers_waiting),
    (Permission.MERGE_DECIDE, _merges_waiting),
    (Permission.LOG_READ, _cases_waiting),
)


@vetted
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the person can do here. Of a mediator the first question is who is asking."""
    permissions = permissions_of(user_of(request).role)
    if Permission.CALL_TAKE in permissions and call_in(request) is None:
        return redirect("asking")
    tasks = [(text, reverse(name), words) for permission, text, name, words in TASKS if permission in permissions]
    tasks.append(("My access", reverse("my_access"), "See what your access depends on, and until when."))
    asked = [counted for permission, counted in WAITING if permission in permissions]
    waiting = [one for counted in asked for one in counted(actor_of(request))]
    questions = [Waits(each.words, each.url) for each in asked_of(actor_of(request))]
    # Said to whoever brings people in, and knows whom to tell.
    listed = settings.BREACHED_PASSWORDS_DEMANDED or breached_passwords.is_there()
    unlisted = Permission.PEOPLE_LIST in permissions and not listed
    told = {
        "tasks": tasks,
        "counted": bool(asked or questions),
        "waiting": [*questions, *waiting],
        "stolen_passwords_unlisted": unlisted,
    }
    return render(request, "home.html", told)


@public
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to use the service, and whom to ask."""
    return render(request, "help.html")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is held, why, and who sees it."""
    return render(request, "privacy.html")


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tested for accessibility and what is known not to work."""
    return render(request, "accessibility.html")


def _up_to(number: int, most: int = MOST_COUNTED) -> str:
    return str(number) if number <= most else f"More than {most:,}"
