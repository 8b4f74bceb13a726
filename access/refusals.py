"""What a refusal looks like from outside: an event in the log, then a plain page."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from access.actors import actor_or_process
from access.errors import NotVettedError, RefusedError
from access.vetting import Lapse
from audit.events import EventKind
from audit.recorder import About, record

TEMPLATES = {403: "403.html", 404: "404.html"}


def respond(request: HttpRequest, refused: RefusedError, *, lapses: list[Lapse] | None = None) -> HttpResponse:
    """Record the refusal in a transaction of its own (the refused one is gone) and tell the person."""
    with transaction.atomic():
        about = About(child_id=refused.child_id)
        record(EventKind.ACCESS_REFUSED, about, actor=actor_or_process(request), outcome=refused.outcome)
    template = "access/not_vetted.html" if isinstance(refused, NotVettedError) else TEMPLATES[refused.status]
    return render(request, template, {"lapses": lapses or []}, status=refused.status)
