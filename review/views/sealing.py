"""What proves that the log was not changed: its checkpoints, and proofs to take away and check elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit import outside, proofs
from audit.recorder import About
from review.forms import ConsistencyForm
from review.policies import about_event, authorities_of, reading_at_once
from review.selectors.entries import entry

CHECKPOINTS_SHOWN = 50


@requires(Permission.LOG_READ)
@require_safe
def checkpoints_page(request: HttpRequest) -> HttpResponse:
    """The newest checkpoints; two sizes, where they are given, lead to the proof between them."""
    form = ConsistencyForm(request.GET or None)
    with reading_at_once(actor_of(request), About(fields=["checkpoints"])):
        checkpoints = proofs.newest_checkpoints(CHECKPOINTS_SHOWN)
        cosigned, witnesses = outside.cosigned(checkpoints), outside.standings()
        kept = outside.locked_size()
        proof = proofs.consistency_between(*form.sizes()) if form.is_valid() else None
    if proof:
        return _download(proof.as_text(), f"consistency-{proof.older.size}-{proof.newer.size}.txt")
    if form.is_bound and not form.errors:
        form.add_error("newer", "There is no checkpoint of one of these sizes. Take both from the list below")
    vouched = max((each.size for each in witnesses), default=0)
    shown = [
        {
            "size": each.size,
            "at": each.at,
            "root": bytes(each.root).hex(),
            "published": bool(each.published_at),
            "kept": each.size <= kept,
            "cosigned": sorted(cosigned[each.size].items()),
            "vouched": each.size <= vouched,
        }
        for each in checkpoints
    ]
    return render(request, "review/checkpoints.html", {"form": form, "checkpoints": shown, "witnesses": witnesses})


@requires(Permission.LOG_READ)
@require_safe
def proof_page(request: HttpRequest, event_id: int) -> HttpResponse:
    """The proof that the log holds an event, as a file. Not found while the event waits for its seal."""
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading_at_once(actor, about_event(event_id)):
        known = entry(authorities, event_id) is not None
        proof = proofs.inclusion_of(event_id) if known else None
        if proof is None:
            raise NotFoundError
    return _download(proof.as_text(), f"event-{event_id}.txt")


def _download(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
