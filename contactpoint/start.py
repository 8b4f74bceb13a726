"""The start page of each role, and the pages that anybody may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from access.door.actors import user_of
from access.door.calls import call_in
from access.door.routes import public, vetted
from access.rules.roles import Permission, permissions_of

# What each permission lets a person begin with: text, page, one sentence.
TASKS: tuple[tuple[Permission, str, str, str], ...] = (
    (
        Permission.CHILD_SEARCH,
        "Find a child",
        "search",
        "Find out who else is working with a child, and ring them.",
    ),
    (
        Permission.PEOPLE_LIST,
        "People",
        "people",
        "Invite people, record their checks, and see whose run out next.",
    ),
    (
        Permission.ORGANISATION_KEEP,
        "Organisations",
        "organisations",
        "Accredit the organisations that you look after, and see who administers them.",
    ),
    (
        Permission.SERVICE_STOP,
        "Emergency stop",
        "stops",
        "Refuse one person, one organisation or everybody at once, and see what is stopped.",
    ),
    (
        Permission.LOG_READ,
        "Access log",
        "log",
        "See every search, every record opened and every refusal in your authority.",
    ),
    (
        Permission.LOG_READ,
        "Alerts",
        "alerts",
        "Look into what the service noticed by itself, and say what came of it.",
    ),
)


@vetted
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the person can do here. Of a mediator the first question is who is asking."""
    permissions = permissions_of(user_of(request).role)
    if Permission.CALL_TAKE in permissions and call_in(request) is None:
        return redirect("asking")
    tasks = [(text, reverse(name), words) for permission, text, name, words in TASKS if permission in permissions]
    tasks.append(("My access", reverse("my_access"), "See what your access depends on, and until when."))
    return render(request, "home.html", {"tasks": tasks})


@public
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to use the service, and whom to ask."""
    return render(request, "help.html")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is held, why, and who sees it."""
    return render(request, "privacy.html")


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tested for accessibility and what is known not to work."""
    return render(request, "accessibility.html")
