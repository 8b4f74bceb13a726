"""Evidence packs: chosen events, with proof that the log holds each, as one file."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit import proofs
from review.policies import MOST_PACKED, about_pack, authorities_of, reading_at_once
from review.selectors.entries import LARGEST_ID, are_within
from review.views.ways import sent_from

NONE_CHOSEN = "Tick at least one event for the evidence pack."
TOO_MANY = f"An evidence pack holds at most {MOST_PACKED} events. Choose fewer, and make a second one of the others."
NOT_SEALED = "One of these events still waits for its seal, which takes some seconds. Download the evidence pack again."


@requires(Permission.LOG_READ)
@require_POST
def pack_page(request: HttpRequest) -> HttpResponse:
    """The pack of the ticked events, as a file. Not found where one of them is not in the reader's log."""
    chosen = _chosen(request.POST.getlist("event"))
    if not chosen or len(chosen) > MOST_PACKED:
        messages.error(request, TOO_MANY if chosen else NONE_CHOSEN)
        return redirect(sent_from(request))
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading_at_once(actor, about_pack(chosen)):
        if not are_within(authorities, chosen):
            raise NotFoundError
        made = proofs.pack_of(chosen)
    if made is None:
        messages.error(request, NOT_SEALED)
        return redirect(sent_from(request))
    response = HttpResponse(made, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="evidence-{chosen[0]}-{chosen[-1]}.zip"'
    return response


def _chosen(ticked: Sequence[str]) -> list[int]:
    """The events, each once. Raises NotFoundError for what no event can be."""
    if not all(text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_ID)) for text in ticked):
        raise NotFoundError
    chosen = sorted({int(text) for text in ticked})
    if chosen and chosen[-1] > LARGEST_ID:
        raise NotFoundError
    return chosen
