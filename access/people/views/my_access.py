"""One's own access: what it depends on, whose move each step is, and the agreement that one signs."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of, user_of
from access.door.routes import enrolled
from access.models import Role, User, UserState, VettingItem, VettingKind
from access.people import agreements
from access.people.actions.vetting import sign_agreement
from access.people.selectors.own_access import agreement_is_due, own_access
from access.rules.errors import WrongStateError
from access.rules.vetting import may_enter
from audit.actors import Actor
from audit.events import EventKind
from audit.recorder import About, record
from pages.wording import long_date


@enrolled
@require_safe
def my_access(request: HttpRequest) -> HttpResponse:
    """What one's own access depends on. Also for whoever is joining, and whoever's access has lapsed."""
    user = user_of(request)
    with transaction.atomic():
        record(EventKind.USER_READ, About(user_id=user.pk), actor=actor_of(request))
        access = own_access(user, today=timezone.localdate())
    role = Role(user.role)
    facts = (
        ("Name", user.name.open()),
        ("Organisation", user.organisation.name),
        ("Role", f"{role.label}. {role.holder}"),
    )
    context = {
        "access": access,
        "facts": facts,
        "active": user.state == UserState.ACTIVE,
        "entering": may_enter(user, today=timezone.localdate()),
    }
    return render(request, "access/my_access.html", context)


@enrolled
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest) -> HttpResponse:
    """The agreement in force; a POST signs the version that the page showed, and no other."""
    if request.method != "POST":
        return _show(request)
    try:
        signed = sign_agreement(actor=actor_of(request), version=request.POST.get("version", ""))
    except WrongStateError as error:
        return _show(request, problem=error.sentence, status=error.status)
    messages.success(request, f"You have signed the agreement. It holds until {long_date(signed.expires_on)}.")
    return redirect("my_access")


def _show(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    user, today = user_of(request), timezone.localdate()
    with transaction.atomic():
        signed, due = _signature(user, actor_of(request))
    context = {"agreement": agreements.in_force(today=today), "signed": signed, "due": due, "problem": problem}
    return render(request, "access/my_access_agreement.html", context, status=status)


def _signature(user: User, actor: Actor) -> tuple[VettingItem | None, bool]:
    record(EventKind.USER_READ, About(user_id=user.pk, fields=[VettingKind.AGREEMENT]), actor=actor)
    due = agreement_is_due(user, today=timezone.localdate())
    return user.vetting_items.filter(kind=VettingKind.AGREEMENT).first(), due
