"""Once a year an employer says of each of its people whether they still work there, and in which role."""

from collections import Counter
from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.routes import recently_confirmed, requires
from access.models import Role
from access.people.actions.bulk import KEEPS, LEAVES, Confirmation, renew_each
from access.people.actions.reading import read_employed, read_employed_page
from access.people.selectors.employment import Employed, employed_by, employers_for, page_of
from access.rules.errors import NotFoundError, WrongStateError
from access.rules.roles import Permission
from pages import pending

MOVES = "moves"
FIELD = "person-{}"
UNANSWERED_SHOWN = 20
STALE = "Somebody else changed one of these people in the meantime. Nothing was saved. Look at the list again."
NOTHING_WAITS = (
    "There was nothing left to save: it was saved before, begun again in another window, or you signed in again. "
    "Ticks that were not saved are gone."
)
SAVED = "Saved: {} keep access, {} have left, {} change their role once somebody else agrees."


@requires(Permission.FEED_KEEP)
@require_safe
def employers(request: HttpRequest) -> HttpResponse:
    """The organisations whose people one may confirm, and when the first of them runs out."""
    return render(request, "access/confirmation/employers.html", {"employers": employers_for(actor_of(request))})


@requires(Permission.FEED_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_people(request: HttpRequest, organisation_id: int, number: int) -> HttpResponse:
    """One page of the organisation's people. Recorded. What is ticked is kept whichever way the page is turned."""
    actor = actor_of(request)
    if request.method == "POST":
        page = page_of(employed_by(actor, organisation_id), number)
        _keep_ticked(request, organisation_id, list(page))
        return redirect(_destination(request, organisation_id, page))
    page = read_employed_page(actor=actor, organisation_id=organisation_id, number=number)
    people = page.paginator.object_list
    given = _given(request, organisation_id)
    context = {
        "page": page,
        "rows": [(person, FIELD.format(person.id), given.get(str(person.id), "")) for person in page],
        "choices": _choices,
        "answered": sum(1 for person in people if str(person.id) in given),
        "organisation": people[0].organisation if people else "",
    }
    return render(request, "access/confirmation/people.html", context)


@recently_confirmed
@requires(Permission.FEED_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def check_confirmations(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """See what was ticked, and whom nobody answered for; save it all. Recorded."""
    actor = actor_of(request)
    if request.method == "POST":
        return _save(request, organisation_id, employed_by(actor, organisation_id))
    people = employed_by(actor, organisation_id)
    given = _given(request, organisation_id)
    said = [(person, given[str(person.id)]) for person in people if str(person.id) in given]
    named = [person for person, answer in said if answer != KEEPS]
    unanswered = [person for person in people if str(person.id) not in given and not person.is_reader]
    shown = read_employed(actor=actor, people=[*named, *unanswered[:UNANSWERED_SHOWN]])
    context = {
        "counts": _counted([answer for _, answer in said]),
        "leaving": [person for person, answer in said if answer == LEAVES],
        "moving": [(person, Role(answer).label) for person, answer in said if answer in Role.values],
        "unanswered": shown[len(named) :],
        "more": len(unanswered[UNANSWERED_SHOWN:]),
        "key": pending.key(request, _waiting(organisation_id)),
        "back_url": reverse("confirm_people", args=[organisation_id, 1]),
    }
    return render(request, "access/confirmation/check.html", context)


def _save(request: HttpRequest, organisation_id: int, people: Sequence[Employed]) -> HttpResponse:
    given = pending.take(request, _waiting(organisation_id), dict[str, str], request.POST.get("key", ""))
    if given is None:
        messages.info(request, NOTHING_WAITS)
        return redirect("employers")
    known = {str(person.id): person for person in people}
    confirmations = [Confirmation(int(one), answer) for one, answer in given.items() if one in known]
    try:
        renew_each(actor=actor_of(request), confirmations=confirmations)
    except (WrongStateError, NotFoundError):
        messages.error(request, STALE)
        return redirect("confirm_people", organisation_id=organisation_id, number=1)
    counts = _counted([each.answer for each in confirmations])
    messages.success(request, SAVED.format(counts[KEEPS], counts[LEAVES], counts[MOVES]))
    return redirect("employers")


def _keep_ticked(request: HttpRequest, organisation_id: int, people: Sequence[Employed]) -> None:
    """Add what was ticked on this page to what was ticked before. A tick taken back is forgotten."""
    given = _given(request, organisation_id)
    for person in people:
        ticked = request.POST.get(FIELD.format(person.id), "")
        if ticked in dict(_choices(person)):
            given[str(person.id)] = ticked
        else:
            given.pop(str(person.id), None)
    pending.keep(request, _waiting(organisation_id), given)


def _destination(request: HttpRequest, organisation_id: int, page: Page[Employed]) -> str:
    """Where the button that was pressed leads: another page, or the end."""
    if "back" in request.POST and page.has_previous():
        return reverse("confirm_people", args=[organisation_id, page.previous_page_number()])
    if "on" in request.POST and page.has_next():
        return reverse("confirm_people", args=[organisation_id, page.next_page_number()])
    return reverse("check_confirmations", args=[organisation_id])


def _counted(answers: Sequence[str]) -> Counter[str]:
    """How many keep access, leave, and move to another role."""
    return Counter(answer if answer in {KEEPS, LEAVES} else MOVES for answer in answers)


def _given(request: HttpRequest, organisation_id: int) -> dict[str, str]:
    return pending.kept(request, _waiting(organisation_id), dict[str, str]) or {}


def _waiting(organisation_id: int) -> str:
    return f"confirmations-{organisation_id}"


def _choices(person: Employed) -> list[tuple[str, str]]:
    """What can be said of the person. Nobody speaks for themselves."""
    if person.is_reader:
        return []
    others = [(role.value, f"Is now {role.label.lower()}") for role in Role if role != person.role]
    return [(KEEPS, f"Still {Role(person.role).label.lower()}"), (LEAVES, "Has left"), *others]
