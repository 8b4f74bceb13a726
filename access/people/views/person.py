"""One person whom an administrator looks after: how they stand, each step in their life, and the evidence."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.references import user_id_of
from access.door.refusals import note
from access.door.routes import recently_confirmed, requires
from access.models import Role, StopReason, UserState, VettingKind
from access.people.actions import deciding, inviting
from access.people.actions.reading import read_asked_role, read_person, read_who
from access.people.actions.vetting import record_item
from access.people.forms import EVIDENCE_FORMS, AnswerForm, RoleForm, StepForm
from access.people.views.way_back import way_back
from access.rules.errors import IncompleteError, NotFoundError, WrongStateError
from access.rules.lifecycle import Step
from access.rules.roles import Permission
from audit.actors import Actor

Page = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class StepPage:
    """What a step's page says: heading, button, what happens, and the message afterwards. `{}` is the name.

    `warning`: something ends. `first`: what is most often come for, so that its button stands out among the others.
    """

    title: str
    button: str
    words: str
    done: str
    act: Callable[[Actor, int, StepForm], object]
    warning: bool = False
    first: bool = False


def _seen(act: Callable[..., object]) -> Callable[[Actor, int, StepForm], object]:
    return lambda actor, user_id, form: act(actor=actor, user_id=user_id, seen=form.cleaned_data["seen"])


def _reasoned(act: Callable[..., object]) -> Callable[[Actor, int, StepForm], object]:
    return lambda actor, user_id, form: act(
        actor=actor,
        user_id=user_id,
        reason=StopReason(form.cleaned_data["reason"]),
        seen=form.cleaned_data["seen"],
    )


PAGES: dict[Step, StepPage] = {
    Step.APPROVE: StepPage(
        title="Let {} in",
        button="Let in",
        words="They can use the service at once, until the first of their checks runs out. Your name is recorded.",
        done="{} can use the service now.",
        act=_seen(deciding.approve),
        first=True,
    ),
    Step.DECLINE: StepPage(
        title="Decline {}",
        button="Decline",
        words="They cannot use the service, and are signed out. Somebody can have them join again.",
        done="{} is declined.",
        act=_seen(deciding.decline),
        warning=True,
    ),
    Step.WITHDRAW: StepPage(
        title="Withdraw the invitation of {}",
        button="Withdraw",
        words="The link in their e-mail no longer works, and they are signed out.",
        done="The invitation of {} is withdrawn.",
        act=_seen(inviting.withdraw),
        warning=True,
    ),
    Step.SUSPEND: StepPage(
        title="Suspend {}",
        button="Suspend now",
        words="They are signed out everywhere at once. Only another administrator can let them in again.",
        done="{} is suspended.",
        act=_reasoned(deciding.suspend),
        warning=True,
        first=True,
    ),
    Step.REINSTATE: StepPage(
        title="Let {} in again",
        button="Let in again",
        words="They can sign in again at once. Your name is recorded.",
        done="{} can use the service again.",
        act=_seen(deciding.reinstate),
        first=True,
    ),
    Step.LEAVE: StepPage(
        title="{} has left",
        button="They have left",
        words="They are signed out everywhere. To come back they join again, and two administrators decide.",
        done="{} has left.",
        act=_seen(deciding.leave),
        warning=True,
    ),
    Step.REVOKE: StepPage(
        title="Revoke the access of {}",
        button="Revoke access",
        words="They are signed out everywhere. To come back they join again, and two administrators decide.",
        done="The access of {} is revoked.",
        act=_reasoned(deciding.revoke),
        warning=True,
    ),
    Step.REJOIN: StepPage(
        title="Have {} join again",
        button="Send a link",
        words="We send them an e-mail with a link. Another administrator lets them in, not you.",
        done="{} is joining again. We send them an e-mail with a link within a minute.",
        act=_seen(deciding.rejoin),
        first=True,
    ),
}
# Asked for the second factor again. Not where access is to end at once.
CONFIRMED = (Step.APPROVE, Step.REINSTATE, Step.REVOKE, Step.REJOIN)


def told_how_they_stand(page: Page) -> Page:
    """Where the step cannot be taken any more, lead to the person's page, which shows why and what can be done now."""

    @wraps(page)
    def told(request: HttpRequest, reference: str, **where: str) -> HttpResponse:
        try:
            return page(request, reference, **where)
        except WrongStateError as error:
            note(request, error)
            messages.error(request, error.sentence)
            return redirect("person", reference=reference)

    return told


@requires(Permission.PEOPLE_LIST)
@require_safe
def person(request: HttpRequest, reference: str) -> HttpResponse:
    """All about one person. Recorded."""
    actor = actor_of(request)
    page = read_person(actor=actor, user_id=user_id_of(actor, reference))
    context = {
        "way_back": way_back(request),
        "reference": reference,
        "page": page,
        "who": page.who,
        "steps": [(reverse(f"{step}_person", args=[reference]), PAGES[step]) for step in page.choices.steps],
        "invited": page.who.state == UserState.INVITED and page.choices.may_apply,
    }
    return render(request, "access/people/person.html", context)


def _step_page(step: Step) -> Page:
    """The page that says what a step does, asks why where it matters, and takes it."""
    permission = Permission.PEOPLE_INVITE if step == Step.WITHDRAW else Permission.PEOPLE_DECIDE

    @requires(permission)
    @require_http_methods(["GET", "HEAD", "POST"])
    @told_how_they_stand
    def page(request: HttpRequest, reference: str) -> HttpResponse:
        actor, told = actor_of(request), PAGES[step]
        form = StepForm(typed(request), step=step)
        who = read_who(actor=actor, user_id=user_id_of(actor, reference))
        if request.method == "POST" and form.is_valid():
            try:
                told.act(actor, who.id, form)
            except IncompleteError as error:
                missing = ", ".join(lapse.what.lower() for lapse in error.missing)
                form.add_error(None, f"They can be let in when this is there: {missing}")
            else:
                return back(request, reference, told.done.format(who.name))
        context = {"reference": reference, "who": who, "told": told, "form": form}
        return render(request, "access/people/step.html", context)

    return recently_confirmed(page) if step in CONFIRMED else page


step_pages = {step: _step_page(step) for step in PAGES}


@requires(Permission.PEOPLE_INVITE)
@require_POST
@told_how_they_stand
def invite_again(request: HttpRequest, reference: str) -> HttpResponse:
    """Send another link; the one before works no longer."""
    actor = actor_of(request)
    inviting.invite_again(actor=actor, user_id=user_id_of(actor, reference))
    return back(request, reference, "We send them another link within a minute. The one before no longer works.")


@requires(Permission.PEOPLE_INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
@told_how_they_stand
def ask_role(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for another role for them. Another administrator decides."""
    actor = actor_of(request)
    who = read_who(actor=actor, user_id=user_id_of(actor, reference))
    form = RoleForm(request.POST if request.method == "POST" else None, now=who.role)
    if form.is_valid():
        deciding.ask_role(actor=actor, user_id=who.id, role=Role(form.cleaned_data["role"]))
        return back(request, reference, "Another administrator decides. They keep their role until then.")
    context = {"reference": reference, "who": who, "form": form}
    return render(request, "access/people/role.html", context)


@recently_confirmed
@requires(Permission.PEOPLE_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@told_how_they_stand
def decide_role(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer another administrator who asked for a role."""
    actor = actor_of(request)
    asked = read_asked_role(actor=actor, user_id=user_id_of(actor, reference))
    if asked is None:
        messages.info(request, "No change of role waits for a decision.")
        return redirect("person", reference=reference)
    form = AnswerForm(typed(request), agree="change it", refuse="they keep their role")
    if request.method == "POST" and form.is_valid():
        deciding.decide_role(actor=actor, approval_id=asked.approval_id, approved=form.is_agreed)
        return back(request, reference, "Their role is changed." if form.is_agreed else "They keep their role.")
    context = {"reference": reference, "who": asked.who, "wanted": asked.wanted, "form": form}
    return render(request, "access/people/role.html", context)


@recently_confirmed
@requires(Permission.PEOPLE_INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
@told_how_they_stand
def evidence(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """Record what was checked, in the place of what was there."""
    if kind not in EVIDENCE_FORMS:
        raise NotFoundError
    actor, wanted = actor_of(request), VettingKind(kind)
    who = read_who(actor=actor, user_id=user_id_of(actor, reference))
    form = EVIDENCE_FORMS[wanted](typed(request), kind=wanted)
    if request.method == "POST" and form.is_valid():
        record_item(actor=actor, user_id=who.id, item=form.new())
        return back(request, reference, f"{wanted.label} is recorded.")
    context = {"reference": reference, "who": who, "kind": wanted, "form": form}
    return render(request, "access/people/evidence.html", context)


def back(request: HttpRequest, reference: str, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("person", reference=reference)
