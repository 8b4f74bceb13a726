"""Steps in a case: taken, asked about, stopped, decided, agreed to. Each is an event."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from access.door import confirming
from access.door.actors import actor_of
from access.door.routes import recently_confirmed, requires
from access.rules.errors import NotFoundError
from access.rules.roles import Permission
from audit.reasons import CaseResult
from review.actions import cases, questions
from review.actions.questions import AskedAlreadyError
from review.case_forms import ANSWERS, AgreeForm, AnswerForm, AskForm, DecideCaseForm, TakeCaseForm
from review.case_policies import CaseChangedError
from review.models import AskedOf, Query, Rests
from review.views.cases import show_case, shown_alone

NEVER = datetime(1900, 1, 1, tzinfo=UTC)  # what no page showed
CHANGED = (
    "Somebody else took, decided or closed this case while you looked at it, or more was found. Nothing was changed. "
    "See how it stands now."
)
TAKEN = "You have taken this case. Ask, or decide when you know what it was."
ASKED = "The question is asked. You see the answer here."
ASKED_ALREADY = "They have been asked already, and have not answered yet. You can ring them and note what they say."
HEARD = "What they said is noted."
SUSPENDED = "They are suspended and signed out everywhere. Only an administrator of theirs can let them in again."
CLOSED = "The case is closed. What is found from now on comes as a new one."
SECOND = "Your decision is noted. It counts when another auditor agrees; until then the case is open."
SENT_BACK = "You did not agree, and the case is open again."


@requires(Permission.LOG_READ)
@require_POST
def take(request: HttpRequest, case_id: int) -> HttpResponse:
    """Work on it from now on, in the place of whoever did."""
    form = TakeCaseForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else NEVER
    try:
        cases.take_case(actor=actor_of(request), case_id=case_id, seen=seen)
    except CaseChangedError:
        messages.error(request, CHANGED)
    else:
        messages.success(request, TAKEN)
    return redirect("case", case_id=case_id)


@requires(Permission.LOG_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """Ask the person, or an administrator of theirs."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _form_page(request, case_id, "review/case_ask.html", form)
    chosen = form.cleaned_data
    try:
        questions.ask(
            actor=actor_of(request),
            case_id=case_id,
            asked_of=AskedOf(chosen["asked_of"]),
            query=Query(chosen["query"]),
        )
    except CaseChangedError:
        messages.error(request, CHANGED)
    except AskedAlreadyError:
        messages.error(request, ASKED_ALREADY)
    else:
        messages.success(request, ASKED)
    return redirect("case", case_id=case_id)


@requires(Permission.LOG_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def heard_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """Note what somebody said on the telephone: the address says whose answer it is."""
    asked_of = request.GET.get("of", AskedOf.PERSON.value)
    if asked_of not in ANSWERS:
        raise NotFoundError
    form = AnswerForm(request.POST if request.method == "POST" else None, asked_of=asked_of)
    if not form.is_valid():
        return _form_page(request, case_id, "review/case_heard.html", form, asked_of=asked_of)
    chosen = form.cleaned_data
    try:
        questions.note_answer(
            actor=actor_of(request),
            case_id=case_id,
            asked_of=AskedOf(asked_of),
            answer=chosen["answer"],
            rests_on=Rests(chosen["rests_on"]),
        )
    except CaseChangedError:
        messages.error(request, CHANGED)
    else:
        messages.success(request, HEARD)
    return redirect("case", case_id=case_id)


@requires(Permission.LOG_READ)
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def suspend_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """Stop the person at once, after a page that says what happens then."""
    if request.method != "POST":
        return _form_page(request, case_id, "review/case_suspend.html")
    try:
        cases.suspend(actor=actor_of(request), case_id=case_id)
    except CaseChangedError:
        messages.error(request, CHANGED)
    else:
        messages.success(request, SUSPENDED)
    return redirect("case", case_id=case_id)


@requires(Permission.LOG_READ)
@require_POST
def decide(request: HttpRequest, case_id: int) -> HttpResponse:
    """Say what came of it."""
    form = DecideCaseForm(request.POST)
    if not form.is_valid():
        return show_case(request, case_id, form)
    chosen = form.cleaned_data
    try:
        closed = cases.decide_case(
            actor=actor_of(request), case_id=case_id, result=CaseResult(chosen["result"]), found=chosen["found"]
        )
    except CaseChangedError:
        messages.error(request, CHANGED)
    else:
        messages.success(request, CLOSED if closed else SECOND)
    return redirect("case", case_id=case_id)


@requires(Permission.LOG_READ)
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def agree_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """Agree to what another auditor decided, or send it back."""
    form = AgreeForm(confirming.typed(request))
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, case_id, "review/case_agree.html", form)
    agrees = form.cleaned_data["agrees"] == "yes"
    step = cases.agree if agrees else cases.send_back
    try:
        step(actor=actor_of(request), case_id=case_id, seen=form.cleaned_data["seen"])
    except CaseChangedError:
        messages.error(request, CHANGED)
    else:
        messages.success(request, CLOSED if agrees else SENT_BACK)
    return redirect("case", case_id=case_id)


def _form_page(request: HttpRequest, case_id: int, template: str, form: object = None, **more: object) -> HttpResponse:
    context = {**shown_alone(actor_of(request), case_id), "form": form, **more}
    return render(request, template, context)
