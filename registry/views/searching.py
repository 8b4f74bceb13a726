"""Find a child: the form, and its results."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.routes import requires
from access.rules.decisions import can
from access.rules.roles import Permission
from registry.actions.finding import search
from registry.forms.searching import SearchForm
from registry.search.criteria import MINIMUM, Criteria
from registry.views import state
from registry.views.showing import number_without_the_rest, shown_criteria, shown_result


@requires(Permission.CHILD_SEARCH)
@require_http_methods(["GET", "HEAD", "POST"])
def search_page(request: HttpRequest) -> HttpResponse:
    """Ask; once the answers are good, go to the results, which have an address of their own and no name in it."""
    form = SearchForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        trail = uuid4()
        state.keep_search(request, trail, form.criteria())
        return redirect("results", trail=trail)
    recalls = can(actor_of(request), Permission.CHILD_RECALL)
    return render(request, "registry/search.html", {"form": form, "minimum": MINIMUM, "recalls": recalls})


@requires(Permission.CHILD_SEARCH)
@require_safe
def results_page(request: HttpRequest, trail: UUID) -> HttpResponse:
    """Search and show; shown again (the back button), it is searched and recorded again."""
    criteria = state.kept_search(request, trail)
    if criteria is None:
        return redirect("search")
    actor = actor_of(request)
    found = search(actor=actor, criteria=criteria, trail=trail)
    today = timezone.localdate()
    context = {
        "trail": trail,
        "criteria": shown_criteria(criteria),
        "results": [shown_result(match, actor, criteria, today) for match in found.matches],
        "number": number_without_the_rest(criteria),
        "too_many": bool(found.refine),
        "refine": f"Add {found.refine} to narrow the search." if found.refine else "",
        # Who found somebody seldom asks again; for them it is a page away.
        "form": None if found.matches else _form_for(criteria),
    }
    return render(request, "registry/results.html", context)


@requires(Permission.CHILD_SEARCH)
@require_safe
def change_page(request: HttpRequest, trail: UUID) -> HttpResponse:
    """The form as it was filled in for that search."""
    criteria = state.kept_search(request, trail)
    if criteria is None:
        return redirect("search")
    return render(request, "registry/search.html", {"form": _form_for(criteria), "minimum": MINIMUM})


def _form_for(criteria: Criteria) -> SearchForm:
    initial = _as_typed(criteria)
    return SearchForm(initial=initial, today=timezone.localdate())


def _as_typed(criteria: Criteria) -> dict[str, object]:
    """Criteria as the search form's initial values."""
    year, month = criteria.year_of_birth, criteria.month_of_birth
    return {
        **criteria.to_log(),
        "given_name": criteria.given,
        "family_name": criteria.family,
        # What is known of a date in part stands in its boxes.
        "date_of_birth": criteria.date_of_birth if year is None else ["", str(month or ""), str(year)],
    }
