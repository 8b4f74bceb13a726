"""My own access history: what the log holds about its reader, in words, with a way back to records they may open."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from access.door.actors import actor_of
from access.door.routes import vetted
from access.people.actions.history import NEWEST, Doing, read_own_history
from access.people.asked import asked_of
from access.rules.decisions import can
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.events import LISTS_OF_RECORDS, Outcome
from audit.reasons import reason_label
from registry.references import refer_to

IN_SYSTEM = ", in a system that looks things up in your name"


@dataclass(frozen=True, slots=True)
class ShownDoing:
    """One line of the page. `children`: how many a list of results showed; `url`: where its record is asked for again.

    `outcome` is empty where it was done.
    """

    at: datetime
    what: str
    who: str
    reason: str
    outcome: str
    children: int | None
    url: str | None


@vetted
@require_safe
def history_page(request: HttpRequest) -> HttpResponse:
    """The newest fifty, or those before an event; and what an auditor asks about them."""
    actor = actor_of(request)
    page = read_own_history(actor=actor, before=_before(request))
    # A mediator opens what they find in a call, and nothing of an earlier one.
    opens = can(actor, Permission.CHILD_OPEN) and not can(actor, Permission.CALL_TAKE)
    context = {
        "doings": [_shown(doing, actor, page.names, opens=opens) for doing in page.doings],
        "next": page.next,
        "first": "before" not in request.GET,
        "asked": [each for each in asked_of(actor) if not each.is_about_others],
    }
    return render(request, "registry/history.html", context)


def _before(request: HttpRequest) -> int:
    given = request.GET.get("before", str(NEWEST))
    if not given.isdecimal() or int(given) > NEWEST:
        raise NotFoundError
    return int(given)


def _shown(doing: Doing, actor: Actor, names: dict[int, str], *, opens: bool) -> ShownDoing:
    return ShownDoing(
        at=doing.at,
        what=f"{doing.kind.label}{IN_SYSTEM if doing.in_system else ''}",
        who=_who(doing, actor, names),
        reason=reason_label(doing.reason),
        outcome=doing.outcome.label if doing.outcome != Outcome.DONE else "",
        children=doing.children if doing.kind in LISTS_OF_RECORDS else None,
        url=_again(doing, actor) if opens else None,
    )


def _again(doing: Doing, actor: Actor) -> str | None:
    """Where the reader may ask for the record once more; nothing where there was none to see."""
    if doing.child_id is None or doing.outcome != Outcome.DONE:
        return None
    return reverse("open_record", args=[refer_to(actor, doing.child_id)])


def _who(doing: Doing, actor: Actor, names: dict[int, str]) -> str:
    """Whose doing it was, where another person had part in it."""
    if doing.actor_id is None:
        return "Somebody at the sign-in page"
    if doing.actor_id != actor.user_id:
        return f"{names[doing.actor_id]}, in your name"
    return f"You, for {names[doing.user_id]}" if doing.user_id not in (None, actor.user_id) else "You"
