"""How good what a supplier sends is, in bars and numbers, to those who keep the feed. Names no child."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.roles import Permission
from audit.actors import Actor
from feeds.actions.quality import LATEST, read_quality
from feeds.models import BatchState
from feeds.references import Thing, number_of, refer_to
from feeds.rules.parts import parts_of
from feeds.rules.quality import Figures, standing_out
from feeds.views import drawing
from feeds.views.standing_out import sentence
from feeds.views.telling import words_of_fault


@requires(Permission.BATCH_KEEP)
@require_safe
def quality_page(request: HttpRequest, reference: str) -> HttpResponse:
    """What stands out, and the numbers of the latest batches. Recorded."""
    actor = actor_of(request)
    found = read_quality(actor=actor, supplier_id=number_of(actor, Thing.FEED, reference))
    parts = parts_of(found.feed.source)
    read = [each for each in found.batches if each.counts]
    context = {
        "feed": found.feed,
        "sentence": sentence(standing_out(found.batches, source=found.feed.source, now=timezone.now())),
        "batches": [_batch(each, actor) for each in found.batches],
        "charts": drawing.charts(read, parts) if read else [],
        "latest": LATEST,
    }
    return render(request, "feeds/quality.html", context)


def _batch(batch: Figures, actor: Actor) -> dict[str, Any]:
    why = [(number, words_of_fault(code)) for code, number in batch.faults_in_order]
    return {
        "row": batch,
        "href": reverse("batch", args=[refer_to(actor, Thing.BATCH, batch.id)]),
        "state": BatchState(batch.state).label,
        "refused_whole": words_of_fault(batch.fault) if batch.fault else "",
        "why": why if batch.rows else [],
    }
