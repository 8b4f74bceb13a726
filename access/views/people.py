"""People: an administrator's list."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.actors import actor_of, user_of
from access.roles import Permission
from access.routes import requires
from access.selectors.people import people_administered_by
from audit.events import EventKind
from audit.recorder import record


@requires(Permission.PEOPLE_LIST)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The users of the administrator's own organisations, and how they stand."""
    with transaction.atomic():
        record(EventKind.PEOPLE_LISTED, actor=actor_of(request))
        listed = people_administered_by(user_of(request), today=timezone.localdate())
    return render(request, "access/people.html", {"people": listed})
