"""Records that one opened lately, each a press away from the question why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.roles import Permission
from registry.actions.recalling import recall
from registry.views.showing import shown_recalled


@requires(Permission.CHILD_RECALL)
@require_safe
def lately_page(request: HttpRequest) -> HttpResponse:
    """A page of its own: a start page that named ten children would disclose them at each visit."""
    actor = actor_of(request)
    today = timezone.localdate()
    children = [shown_recalled(each, actor, today) for each in recall(actor=actor)]
    return render(request, "registry/lately.html", {"children": children})
