"""Children of school age with no education setting, to those who answer for them (Education Act 1996, section 436A)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.roles import Permission
from registry.actions.unplaced import ON_A_PAGE, list_unplaced

MOST_DIGITS = 6


@requires(Permission.UNPLACED_LIST)
@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """One page of them, and how many there were month by month. Recorded, with who is on it, and charged."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS and int(asked)):
        return redirect("unplaced")
    listed = list_unplaced(actor=actor_of(request), page=int(asked))
    if not listed.children and int(asked) > 1:
        return redirect("unplaced")
    page = Paginator(range(listed.total), ON_A_PAGE).get_page(int(asked))
    months = [(f"{month:%B %Y}", children) for month, children in listed.months]
    return render(request, "registry/unplaced.html", {"listed": listed, "page": page, "months": months})
