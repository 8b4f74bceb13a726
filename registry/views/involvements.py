"""Record, correct, end and withdraw one's own organisation's involvement: ask, check the answers, save once."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of, user_of
from access.door.routes import requires
from access.models import User
from access.people.actions.contact import remember_telephone
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.reasons import Mistake
from encryption.errors import StaleRowError
from pages import telephones
from pages.typed import plain
from pages.wording import long_date
from registry.actions.involvements import (
    Entry,
    InvalidEntryError,
    Kept,
    LeadTakenError,
    Shown,
    child_to_change,
    correct_involvement,
    end_involvement,
    involvement_to_show,
    record_involvement,
    withdraw_involvement,
)
from registry.forms.involvements import EndForm, InvolvementForm, WithdrawalForm
from registry.forms.refused import NO_LONGER_FITS, about_lead
from registry.references import child_id_of
from registry.rules.basis import wants_basis
from registry.views import state, ways
from registry.views.showing import shown_answers, shown_basis
from registry.views.state import Pending

STALE = "Somebody changed this involvement while you were at it. Nothing was saved. Look at it again and try once more."
NOTHING_PENDING = "There was nothing left to save: it was saved before, or you started another change."

Page = Callable[..., HttpResponse]


def with_reason(view: Page) -> Page:
    """Pass the view its actor and the child, with whom the actor may record involvements. Recorded.

    Where no reason is given, or it has run out, the person is sent to say it first, and comes back to what they typed.
    """

    @wraps(view)
    def checked(request: HttpRequest, reference: str, **options: Any) -> HttpResponse:
        actor = actor_of(request)
        child_id = child_id_of(actor, reference)
        if state.kept_reason(request, child_id) is None:
            return redirect(ways.over_reason(request, child_id, reference))
        child = child_to_change(actor=actor, child_id=child_id)
        return view(request, actor, child, reference, **options)

    return checked


@requires(Permission.INVOLVEMENT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@with_reason
def record_page(request: HttpRequest, actor: Actor, child: Kept, reference: str) -> HttpResponse:
    """Ask for a new involvement."""
    pending = state.kept_pending(request, child.identity.child_id)
    kept = pending.entry if pending and pending.involvement_id is None else None
    initial = _initial(kept) if kept else _own_contact(user_of(request))
    form = _form(request, child, state.answers_to_form(request, child.identity.child_id), initial)
    if request.method == "POST" and form.is_valid():
        return go_on(request, Pending(child.identity.child_id, _with_basis(form.entry(), kept)), reference)
    return _ask(request, child, reference, form, "Record your organisation’s involvement")


@requires(Permission.INVOLVEMENT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@with_reason
def correct_page(
    request: HttpRequest, actor: Actor, child: Kept, reference: str, *, involvement_id: int
) -> HttpResponse:
    """Ask for what should stand instead."""
    known = involvement_to_show(actor=actor, child_id=child.identity.child_id, involvement_id=involvement_id)
    sent = state.answers_to_form(request, child.identity.child_id)
    if is_stale(sent, known):
        return say_stale(request, reference)
    pending = pending_for(request, child, involvement_id, known)
    form = _form(request, child, sent, _initial(pending.entry if pending else known.entry))
    if request.method == "POST" and form.is_valid():
        entry = _with_basis(form.entry(), pending.entry if pending else known.entry)
        return go_on(request, Pending(child.identity.child_id, entry, involvement_id, known.row_version), reference)
    title = "Correct your organisation’s involvement"
    return _ask(request, child, reference, form, title, read_version=known.row_version)


@requires(Permission.INVOLVEMENT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@with_reason
def end_page(request: HttpRequest, actor: Actor, child: Kept, reference: str, *, involvement_id: int) -> HttpResponse:
    """Ask when it ended."""
    known = involvement_to_show(actor=actor, child_id=child.identity.child_id, involvement_id=involvement_id)
    sent = state.answers_to_form(request, child.identity.child_id)
    if is_stale(sent, known):
        return say_stale(request, reference)
    pending = pending_for(request, child, involvement_id, known)
    initial = {"ended_on": pending.ended_on} if pending else None
    form = EndForm(sent, started_on=known.entry.started_on, life=child.life, initial=initial)
    if request.method == "POST" and form.is_valid():
        ended_on = form.cleaned_data["ended_on"]
        state.keep_pending(
            request, Pending(child.identity.child_id, known.entry, involvement_id, known.row_version, ended_on)
        )
        return redirect("check_involvement", reference=reference)
    context = about(request, child, reference, known) | {
        "form": form,
        "withdraw_url": reverse("withdraw_involvement", args=[reference, involvement_id]),
    }
    return render(request, "registry/involvement_end.html", context)


@requires(Permission.INVOLVEMENT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@with_reason
def withdraw_page(
    request: HttpRequest, actor: Actor, child: Kept, reference: str, *, involvement_id: int
) -> HttpResponse:
    """Ask why it should never have been recorded."""
    where = {"actor": actor, "child_id": child.identity.child_id, "involvement_id": involvement_id}
    known = involvement_to_show(**where, ended=True)  # type: ignore[arg-type]
    sent = state.answers_to_form(request, child.identity.child_id)
    if is_stale(sent, known):
        return say_stale(request, reference)
    pending = pending_for(request, child, involvement_id, known)
    initial = {"mistake": pending.mistake} if pending else None
    form = WithdrawalForm(sent, service=known.entry.service, initial=initial)
    if request.method == "POST" and form.is_valid():
        mistake = Mistake(form.cleaned_data["mistake"])
        found = (child.identity.child_id, known.entry, involvement_id, known.row_version)
        state.keep_pending(request, Pending(*found, mistake=mistake))
        return redirect("check_involvement", reference=reference)
    return render(
        request, "registry/involvement_withdraw.html", about(request, child, reference, known) | {"form": form}
    )


@requires(Permission.INVOLVEMENT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
@with_reason
def check_page(request: HttpRequest, actor: Actor, child: Kept, reference: str) -> HttpResponse:
    """Show the answers; save them once they are confirmed."""
    if request.method == "POST":
        return _save(request, actor, child, reference)
    pending = state.kept_pending(request, child.identity.child_id)
    if pending is None:
        messages.info(request, NOTHING_PENDING)
        return redirect("record", reference=reference)
    if pending.lacks_basis:
        return redirect("involvement_basis", reference=reference)
    context = {
        "answers": _answers(pending, reference),
        "withdrawing": pending.mistake is not None,
        "basis_ends": pending.basis_end is not None,
        "key": state.pending_key(request),
        "child": child.identity,
        "back_url": change_url(pending, reference),
    }
    return render(request, "registry/involvement_check.html", context)


@requires(Permission.INVOLVEMENT_KEEP)
@require_safe
@with_reason
def done_page(request: HttpRequest, actor: Actor, child: Kept, reference: str, *, what: str) -> HttpResponse:
    """Say that it is saved."""
    context = {
        "title": {
            "recorded": "Involvement recorded",
            "corrected": "Involvement corrected",
            "ended": "Involvement ended",
            "withdrawn": "Involvement withdrawn",
        }[what],
        "withdrawn": what == "withdrawn",
        "child": child.identity,
        "record_url": reverse("record", args=[reference]),
    }
    return render(request, "registry/involvement_done.html", context)


def _ask(
    request: HttpRequest,
    child: Kept,
    reference: str,
    form: InvolvementForm,
    title: str,
    *,
    read_version: int | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "read_version": read_version,
        "child": child.identity,
        "back_url": reverse("record", args=[reference]),
    }
    return render(request, "registry/involvement_form.html", context)


def _form(request: HttpRequest, child: Kept, sent: QueryDict | None, initial: dict[str, Any]) -> InvolvementForm:
    return InvolvementForm(sent, organisation=user_of(request).organisation, life=child.life, initial=initial)


def go_on(request: HttpRequest, pending: Pending, reference: str) -> HttpResponse:
    """Keep the answers, and lead on: to what is still to be said of a sensitive service, or to check them."""
    state.keep_pending(request, pending)
    return redirect("involvement_basis" if pending.lacks_basis else "check_involvement", reference=reference)


def _with_basis(entry: Entry, before: Entry | None) -> Entry:
    """The entry, with what was said before of the basis of a sensitive service."""
    if before is None or not wants_basis(entry.service):
        return entry
    return replace(entry, basis=before.basis, decision=before.decision)


def pending_for(request: HttpRequest, child: Kept, involvement_id: int, known: Shown) -> Pending | None:
    """The answers that wait to be checked, where they are about this involvement as it stands."""
    pending = state.kept_pending(request, child.identity.child_id)
    about = (pending.involvement_id, pending.read_version) if pending else None
    return pending if about == (involvement_id, known.row_version) else None


def about(request: HttpRequest, child: Kept, reference: str, known: Shown) -> dict[str, Any]:
    """What the pages show of the involvement that is to be ended or withdrawn."""
    return {
        "involvement": {
            "organisation": user_of(request).organisation.name,
            "service": known.entry.service.label,
            "since": known.entry.started_on,
        },
        "read_version": known.row_version,
        "child": child.identity,
        "back_url": reverse("record", args=[reference]),
    }


def is_stale(sent: QueryDict | None, known: Shown) -> bool:
    """Whether the form that was sent was shown before somebody changed the involvement."""
    return sent is not None and sent.get("read_version") != str(known.row_version)


def say_stale(request: HttpRequest, reference: str) -> HttpResponse:
    messages.error(request, STALE)
    return redirect("record", reference=reference)


def _save(request: HttpRequest, actor: Actor, child: Kept, reference: str) -> HttpResponse:
    pending = state.take_pending(request, child.identity.child_id, request.POST.get("key", ""))
    if pending is None:
        messages.info(request, NOTHING_PENDING)
        return redirect("record", reference=reference)
    try:
        what = _do(actor, pending)
    except InvalidEntryError:
        # How the basis of a sensitive service was decided is asked again, too.
        state.keep_pending(request, replace(pending, entry=replace(pending.entry, decision=None)))
        messages.error(request, NO_LONGER_FITS)
        return redirect(change_url(pending, reference))
    except LeadTakenError as refused:
        state.keep_pending(request, pending)
        messages.error(request, about_lead(refused))
        return redirect(change_url(pending, reference))
    except (StaleRowError, NotFoundError):
        return say_stale(request, reference)
    _remember_contact(request, actor, pending)
    return redirect("involvement_done", reference=reference, what=what)


def _do(actor: Actor, pending: Pending) -> str:
    """Carry out what was confirmed; returns which it was."""
    if pending.involvement_id is None:
        record_involvement(actor=actor, child_id=pending.child_id, entry=pending.entry)
        return "recorded"
    target: dict[str, Any] = {
        "actor": actor,
        "child_id": pending.child_id,
        "involvement_id": pending.involvement_id,
        "read_version": pending.read_version,
    }
    if why := pending.mistake or pending.basis_end:
        withdraw_involvement(**target, reason=why)
        return "withdrawn"
    if pending.ended_on:
        end_involvement(**target, ended_on=pending.ended_on)
        return "ended"
    correct_involvement(**target, entry=pending.entry)
    return "corrected"


def _answers(pending: Pending, reference: str) -> list[tuple[str, str, str | None]]:
    change = change_url(pending, reference)
    last = None
    if pending.mistake:
        last = ("Why it should not be on this record", pending.mistake.label, change)
    elif pending.basis_end:
        last = ("What has changed", pending.basis_end.label, change)
    elif pending.ended_on:
        last = ("End date", long_date(pending.ended_on), change)
    if last is None:
        basis = reverse("involvement_basis", args=[reference])
        return [*shown_answers(pending.entry, change), *shown_basis(pending.entry, basis)]
    service, practitioner = pending.entry.service.label, pending.entry.practitioner
    return [("Service", service, None), ("Practitioner’s name", practitioner, None), last]


def change_url(pending: Pending, reference: str) -> str:
    if pending.involvement_id is None:
        return reverse("record_involvement", args=[reference])
    if pending.mistake or pending.basis_end:
        page = "withdraw_involvement" if pending.mistake else "end_basis"
    else:
        page = "end_involvement" if pending.ended_on else "correct_involvement"
    return reverse(page, args=[reference, pending.involvement_id])


def _own_contact(user: User) -> dict[str, Any]:
    """What the form holds before anything is typed: the person's own name, and the number they last gave with it."""
    return {"practitioner": user.name.open(), "telephone": telephones.shown(user.telephone.open() or "")}


def _remember_contact(request: HttpRequest, actor: Actor, pending: Pending) -> None:
    """Keep the number for next time, if it went with the person's own name: nobody else's is theirs to be offered."""
    if pending.changes_entry and pending.entry.practitioner == plain(user_of(request).name.open()):
        remember_telephone(actor=actor, telephone=pending.entry.telephone)


def _initial(entry: Entry) -> dict[str, Any]:
    return {
        "service": entry.service,
        "practitioner": entry.practitioner,
        "telephone": telephones.shown(entry.telephone),
        "started_on": entry.started_on,
        "lead": "yes" if entry.lead else "no",
    }
