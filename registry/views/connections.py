"""Connections asked for, to the management team: what waits, one child's, and each step towards it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.people.selectors.people import names_of
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import in_words
from audit.reasons import ConnectionOutcome, reason_label
from registry.actions.connections import (
    ConnectionRead,
    close_connection,
    list_connections,
    note_step,
    read_connection,
)
from registry.actions.steps import find
from registry.forms.connections import CloseForm, NoteForm
from registry.models import ConnectionNote, ConnectionRequest
from registry.references import child_id_of, refer_to
from registry.selectors.connections import due_at
from registry.views.showing import shown_involvement
from registry.views.steps import CHANGED, MOST_SHOWN, Page, StepPage, show_step, taken

PAGES: dict[str, StepPage] = {
    "note_connection": StepPage(
        title="Note what you did",
        button="Note it",
        words="Whoever asked then reads that the team is on it, and nothing else.",
        done="It is noted.",
        form=NoteForm,
        act=note_step,
    ),
    "close_connection": StepPage(
        title="Close this request",
        button="Close it",
        words=(
            "Whoever asked reads either that they will be rung, or that no connection was made and that they can ring "
            "you. They never read why, which service it was, or how many. Their number is forgotten here."
        ),
        done="The request is closed.",
        form=CloseForm,
        act=close_connection,
    ),
}


@requires(Permission.CONNECTION_MAKE)
@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """What is open, what is late first, then what is due next. Names nobody. Recorded."""
    actor, now = actor_of(request), timezone.now()
    waiting = sorted(list_connections(actor=actor), key=due_at)  # what is late was due first
    context = {
        "requests": [_request(each, actor, now) for each in waiting[:MOST_SHOWN]],
        "more": len(waiting) > MOST_SHOWN,
        "most": MOST_SHOWN,
    }
    return render(request, "registry/connections/list.html", context)


@requires(Permission.CONNECTION_MAKE)
@require_safe
def connection_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One child: who they are, who asked, whom to ring, and what was done. Recorded."""
    actor = actor_of(request)
    read = read_connection(actor=actor, child_id=child_id_of(actor, reference))
    return render(request, "registry/connections/connection.html", _about(read, actor, reference))


def _step_page(name: str) -> Page:
    """The page that says what a step does, asks which it was, and takes it."""

    @requires(Permission.CONNECTION_MAKE)
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
        actor, told = actor_of(request), PAGES[name]
        child_id = child_id_of(actor, reference)
        form = told.form(request.POST if request.method == "POST" else None)
        if taken(request, told, form, number, actor=actor, child_id=child_id):
            return redirect("connection", reference=reference)
        read = read_connection(actor=actor, child_id=child_id)
        row = find(read.requests, number, child_id=child_id)
        if row.closed_at is not None:
            messages.error(request, CHANGED)
            return redirect("connection", reference=reference)
        context = {"reference": reference, "child": read.identity}
        return show_step(request, "registry/connections/step.html", told, form, steps=row.steps, **context)

    return page


step_pages = {name: _step_page(name) for name in PAGES}


def _request(request: ConnectionRequest, actor: Actor, now: datetime) -> dict[str, Any]:
    return {
        "row": request,
        "reference": refer_to(actor, request.child_id),
        "reason": reason_label(request.reason),
        "soon": reason_label(request.soon),
        "due": due_at(request),
        "late": request.closed_at is None and due_at(request) < now,
        "outcome": in_words(ConnectionOutcome, request.outcome),
    }


def _shown_note(note: ConnectionNote) -> dict[str, Any]:
    return {"row": note, "step": reason_label(note.step)}


def _about(read: ConnectionRead, actor: Actor, reference: str) -> dict[str, Any]:
    """One child's page: `names` are of those who asked or took a step, as far as the reader may know them."""
    asked = [person for row in read.requests for person in (row.asked_by_id, row.closed_by_id)]
    people = {person for person in (*asked, *(note.noted_by_id for note in read.notes)) if person is not None}
    now = timezone.now()
    return {
        "reference": reference,
        "child": read.identity,
        "shielded": read.shielded,
        "names": names_of(people),
        "services": [shown_involvement(each, None) for each in read.services],
        "waits": any(row.closed_at is None for row in read.requests),
        "steps": list(PAGES.items()),
        "requests": [
            _request(row, actor, now)
            | {
                "telephone": row.telephone.open(),
                "notes": [_shown_note(note) for note in read.notes if note.request_id == row.pk],
            }
            for row in reversed(read.requests)
        ],
    }
