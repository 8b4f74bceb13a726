"""One's own access: what it depends on, whose move each step is, and the agreement that one signs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.routes import enrolled
from access.models import UserState
from access.people.actions.reading import read_own_access, read_own_agreement
from access.people.actions.vetting import sign_agreement
from access.rules.errors import WrongStateError
from access.rules.roles import Permission, permissions_of
from pages.wording import long_date


@enrolled
@require_safe
def my_access(request: HttpRequest) -> HttpResponse:
    """What one's own access depends on. Also for whoever is joining, and whoever's access has lapsed."""
    own = read_own_access(actor=actor_of(request))
    facts = (
        ("Name", own.who.name),
        ("Organisation", own.who.organisation),
        ("Role", f"{own.who.role.label}. {own.who.role.holder}"),
    )
    context = {
        "access": own.access,
        "facts": facts,
        "active": own.who.state == UserState.ACTIVE,
        "entering": own.entering,
        "reporting": own.entering and Permission.REPORT_MAKE in permissions_of(own.who.role),
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
    own = read_own_agreement(actor=actor_of(request))
    return render(request, "access/my_access_agreement.html", {"own": own, "problem": problem}, status=status)
