"""Two records of one child, to those who answer for both: side by side, put under one, and parted again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.refusals import note
from access.door.routes import recently_confirmed, requires
from access.people.selectors.people import names_of
from access.rules.errors import NotFoundError, OwnCaseError, WrongStateError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.reasons import reason_label
from pages.wording import long_date
from registry.actions import merging
from registry.actions.merging import Comparison, Two
from registry.actions.steps import find
from registry.forms.merging import AskMergeForm, AskPartForm, FindTwoForm, RefuseMergeForm
from registry.record import Compared
from registry.references import child_id_of, refer_to
from registry.selectors.merging import Request
from registry.values import Address
from registry.views.showing import shown_number
from registry.views.steps import CHANGED, StepPage, show_step, taken

NO_SUCH_RECORDS = (
    "Your council does not answer for two records with these numbers. Check both. If another council answers for one, "
    "ask it to hand the record over first"
)
ASKED = "You have asked that the one be put under the other. Another administrator compares them, too, and approves it."
PART_ASKED = "You have asked that they be parted. Another administrator compares them, too, and approves it."
APPROVE = StepPage(
    title="Approve that they are one child’s",
    button="Approve and put them under one",
    words="Within a minute nobody finds the other record by itself any more. Whoever opens the first sees both.",
    done="Approved. They are put under one within a minute.",
    act=merging.approve,
    warning=True,
)
APPROVE_PARTING = StepPage(
    title="Approve that they are parted",
    button="Approve and part them",
    words="Within a minute each is found and opened by itself again, and says what it said before.",
    done="Approved. They are parted within a minute.",
    act=merging.approve,
    warning=True,
)
REFUSE = StepPage(
    title="Close the request about two records",
    button="Close the request",
    words="Both records stay as they are. It can be asked for again.",
    done="The request is closed. Nothing changed.",
    act=merging.refuse,
    form=RefuseMergeForm,
)


@dataclass(frozen=True, slots=True)
class Line:
    """What both records say of one thing, and whether that is the same."""

    label: str
    stays: list[str] = field(repr=False)
    under: list[str] = field(repr=False)

    @property
    def differs(self) -> bool:
        return self.stays != self.under


@requires(Permission.MERGE_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def list_page(request: HttpRequest) -> HttpResponse:
    """What waits, without names; and the way to two records by their numbers. Recorded."""
    actor = actor_of(request)
    form = FindTwoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            two = merging.find_two(actor=actor, **form.cleaned_data)
        except NotFoundError as error:
            note(request, error)
            form.add_error("stays", NO_SUCH_RECORDS)
        except WrongStateError as error:
            note(request, error)
            form.add_error("under", error.sentence)
        else:
            return redirect(_address(actor, two))
    going = merging.list_merges(actor=actor)
    context = {
        "form": form,
        "requests": [_request(each, actor) for each in going],
        "names": names_of({each.asked_by_id for each in going}),
    }
    return render(request, "registry/merging/list.html", context)


@requires(Permission.MERGE_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def two_page(request: HttpRequest, reference: str, other: str) -> HttpResponse:
    """Two records side by side; how far it is, or the form to ask. Recorded of each."""
    actor = actor_of(request)
    two = _two(actor, reference, other)
    read = merging.compare(actor=actor, two=two)
    kind = AskPartForm if read.together else AskMergeForm
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            merging.ask(actor=actor, two=two, reason=form.cleaned_data["reason"])
        except WrongStateError as error:
            note(request, error)
            messages.info(request, error.sentence)
        else:
            messages.success(request, PART_ASKED if read.together else ASKED)
        return redirect("two_records", reference, other)
    return render(request, "registry/merging/two.html", _about(read, actor, two) | {"form": form})


@requires(Permission.MERGE_DECIDE)
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def approve_page(request: HttpRequest, reference: str, other: str, number: int) -> HttpResponse:
    """Both records once more, what approving does, and the button."""
    actor = actor_of(request)
    two = _two(actor, reference, other)
    told = APPROVE_PARTING if merging.compare(actor=actor, two=two).together else APPROVE
    return _step_page(request, told, actor, two, number)


@requires(Permission.MERGE_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def refuse_page(request: HttpRequest, reference: str, other: str, number: int) -> HttpResponse:
    """Why it is refused, and the button."""
    actor = actor_of(request)
    return _step_page(request, REFUSE, actor, _two(actor, reference, other), number)


def _step_page(request: HttpRequest, told: StepPage, actor: Actor, two: Two, number: int) -> HttpResponse:
    form = told.form(typed(request))
    if taken(request, told, form, number, actor=actor, two=two):
        return redirect(_address(actor, two))
    read = merging.compare(actor=actor, two=two)
    about = find(read.requests, number, child_id=two.stays)
    if about.outcome:
        messages.error(request, CHANGED)
        return redirect(_address(actor, two))
    if told is not REFUSE and about.asked_by_id == actor.user_id:
        raise OwnCaseError(child_id=two.stays)
    page = "registry/merging/refuse.html" if told is REFUSE else "registry/merging/approve.html"
    return show_step(request, page, told, form, steps=about.steps, **_about(read, actor, two))


def _two(actor: Actor, stays: str, under: str) -> Two:
    return Two(child_id_of(actor, stays), child_id_of(actor, under))


def _address(actor: Actor, two: Two) -> str:
    return reverse("two_records", args=[refer_to(actor, two.stays), refer_to(actor, two.under)])


def _about(read: Comparison, actor: Actor, two: Two) -> dict[str, Any]:
    people = {each for row in read.requests for each in (row.asked_by_id, row.decided_by_id) if each is not None}
    return {
        "address": _address(actor, two),
        "read": read,
        "lines": _lines(read.stays, read.under),
        "names": names_of(people),
        "waiting": _request(read.open, actor) if read.open else None,
        "refused": [_request(each, actor) for each in read.requests if each.outcome == "refused"],
    }


def _request(request: Request, actor: Actor) -> dict[str, Any]:
    two = Two(request.into_id, request.child_id)
    step = [refer_to(actor, two.stays), refer_to(actor, two.under), str(request.id)]
    return {
        "row": request,
        "href": _address(actor, two),
        "approve": reverse("approve_merge", args=step),
        "refuse": reverse("refuse_merge", args=step),
        "reason": reason_label(request.reason),
        "refusal": reason_label(request.refusal),
        "mine": request.asked_by_id == actor.user_id,
    }


def _lines(stays: Compared, under: Compared) -> list[Line]:
    """What tells whether they are one child's, one thing after the other. Of protected ones no more than who it is."""

    def line(label: str, said: Callable[[Compared], Iterable[str]]) -> Line:
        return Line(label, list(said(stays)), list(said(under)))

    lines = [
        line("Registry number", lambda one: [one.identity.number]),
        line("Name", lambda one: [one.identity.name]),
        line("Date of birth", lambda one: [long_date(one.identity.date_of_birth)]),
        line("Gender", lambda one: [one.identity.gender.label]),
    ]
    if stays.hidden or under.hidden:
        return lines
    return [
        *lines,
        line("Other names", lambda one: [f"{name.given} {name.family}" for _kind, name in one.names[1:]]),
        line("Date of death", lambda one: [long_date(one.date_of_death)] if one.date_of_death else []),
        line(
            "Numbers", lambda one: [f"{kind.label}: {shown_number(kind, value)}" for kind, value, _said in one.numbers]
        ),
        line("Addresses", lambda one: [_place(each) for each in one.addresses]),
        line(
            "Parents and carers",
            lambda one: [f"{each.given} {each.family}, {each.relation.label.lower()}" for each in one.guardians],
        ),
    ]


def _place(address: Address) -> str:
    postal = address.postal
    return ", ".join([*postal.lines, postal.town, postal.postcode]) if postal else address.state.label
