"""People: an administrator's list, and each person's own access."""

from types import SimpleNamespace

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from access.actors import actor_of, user_of
from access.roles import Permission, Role
from access.routes import requires, vetted
from access.selectors.people import items_of, people_administered_by
from audit.events import EventKind
from audit.recorder import About, record


@requires(Permission.PEOPLE_LIST)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The users of the administrator's own organisations, and how they stand."""
    with transaction.atomic():
        record(EventKind.PEOPLE_LISTED, actor=actor_of(request))
        listed = people_administered_by(user_of(request), today=timezone.localdate())
    return render(request, "access/people.html", {"people": listed})


@vetted
@require_safe
def my_access(request: HttpRequest) -> HttpResponse:
    """What one's own access depends on."""
    user = user_of(request)
    role = Role(user.role)
    with transaction.atomic():
        record(EventKind.USER_READ, About(user_id=user.pk), actor=actor_of(request))
        vetting = items_of(user, today=timezone.localdate())
    access = SimpleNamespace(
        name=user.name.open(),
        organisation=user.organisation.name,
        role=role.label,
        holder=role.holder,
        vetting=vetting,
    )
    return render(request, "access/my_access.html", {"access": access})
