"""Steps in a case: taken, asked about, stopped, decided, agreed to. Each is an event."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from access.door import confirming
from access.door.actors import actor_of
from access.door.refusals import note
from access.door.routes import recently_confirmed, requires
from access.rules.errors import NotFoundError, WrongStateError
from access.rules.roles import Permission
from audit.reasons import CaseResult
from review.actions import cases, questions
from review.actions.questions import AskedAlreadyError, GoneError
from review.case_forms import AgreeForm, AnswerForm, AskForm, DecideCaseForm, TakeCaseForm
from review.case_policies import CaseChangedError, CaseGrownError
from review.models import AskedOf, Query, Rests
from review.views.case_people import meant
from review.views.cases import several_of, show_case, shown_alone

NEVER = datetime(1900, 1, 1, tzinfo=UTC)  # what no page showed
GROWTH = "[0-9]{1,9}"
CHANGED = (
    "Somebody else took, decided or closed this case while you looked at it. Nothing was changed. "
    "See how it stands now."
)
GROWN = (
    "More was found while you looked at this case, so your decision was not noted. Look at it again. What you chose is "
    "still chosen below: change it if need be, and decide."
)
GROWN_SINCE_READ = (
    "More was found since you read this case, so nothing was noted. Read it again. Then agree, or send it back."
)
READ_FIRST = "Read this case before you say whether you agree. Then choose “Agree, or send it back”."
OUT_OF_DATE = "This page is out of date, and nothing was done. Choose once more whom you mean."
TAKEN = "You have taken this case. Ask, or decide when you know what it was."
ASKED = "The question is asked. You see the answer here."
ASKED_ALREADY = "They have been asked already, and have not answered yet. You can ring them and note what they say."
GONE = (
    "They are suspended or have left, and would not see the question. Nothing was asked. Ask their organisation here, "
    "or ring them and note what they say."
)
HEARD = "What they said is noted."
SUSPENDED = "They are suspended and signed out everywhere. Only an administrator of theirs can let them in again."
CLOSED = "The case is closed. What is found from now on comes as a new one."
SECOND = "Your decision is noted. It counts when another auditor agrees; until then the case is open."
SENT_BACK = "You did not agree, and the case is open again."


def about_one(view: Callable[[HttpRequest, int, int | None], HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands on whom of several the address means. Where only another session knows them, nothing is done."""

    @wraps(view)
    def wrapped(request: HttpRequest, case_id: int) -> HttpResponse:
        try:
            person_id = meant(actor_of(request), request.GET.get("who"))
        except NotFoundError as error:
            note(request, error)
            messages.error(request, OUT_OF_DATE)
            return redirect("case", case_id=case_id)
        return view(request, case_id, person_id)

    return wrapped


@requires(Permission.LOG_READ)
@require_POST
def take(request: HttpRequest, case_id: int) -> HttpResponse:
    """Work on it from now on, in the place of whoever did."""
    form = TakeCaseForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else NEVER
    try:
        cases.take_case(actor=actor_of(request), case_id=case_id, seen=seen)
    except CaseChangedError:
        _changed(request)
    else:
        messages.success(request, TAKEN)
    return redirect("case", case_id=case_id)


@requires(Permission.LOG_READ)
@require_http_methods(["GET", "HEAD", "POST"])
@about_one
def ask_page(request: HttpRequest, case_id: int, person_id: int | None) -> HttpResponse:
    """Ask the person, or an administrator of theirs: the address says whom."""
    asked_of = _asked_of(request)
    form = AskForm(request.POST if request.method == "POST" else None, asked_of=asked_of)
    if not form.is_valid():
        return _form_page(request, case_id, "review/case_ask.html", form, person_id=person_id, asked_of=asked_of)
    query = Query(form.cleaned_data["query"])
    try:
        questions.ask(actor=actor_of(request), case_id=case_id, asked_of=asked_of, query=query, person_id=person_id)
    except CaseChangedError:
        _changed(request)
    except AskedAlreadyError:
        messages.error(request, ASKED_ALREADY)
    except GoneError:
        messages.error(request, GONE)
        of_manager = {**request.GET.dict(), "of": AskedOf.MANAGER.value}
        return redirect(reverse("ask_about_case", args=[case_id], query=of_manager))
    else:
        messages.success(request, ASKED)
    return redirect("case", case_id=case_id)


@requires(Permission.LOG_READ)
@require_http_methods(["GET", "HEAD", "POST"])
@about_one
def heard_page(request: HttpRequest, case_id: int, person_id: int | None) -> HttpResponse:
    """Note what somebody said on the telephone: the address says whose answer it is."""
    asked_of = _asked_of(request)
    form = AnswerForm(request.POST if request.method == "POST" else None, asked_of=asked_of)
    if not form.is_valid():
        return _form_page(request, case_id, "review/case_heard.html", form, person_id=person_id, asked_of=asked_of)
    chosen = form.cleaned_data
    try:
        questions.note_answer(
            actor=actor_of(request),
            case_id=case_id,
            asked_of=asked_of,
            answer=chosen["answer"],
            rests_on=Rests(chosen["rests_on"]),
            person_id=person_id,
        )
    except CaseChangedError:
        _changed(request)
    else:
        messages.success(request, HEARD)
    return redirect("case", case_id=case_id)


@requires(Permission.LOG_READ)
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
@about_one
def suspend_page(request: HttpRequest, case_id: int, person_id: int | None) -> HttpResponse:
    """Stop the person at once, after a page that says what happens then."""
    if request.method != "POST":
        return _form_page(request, case_id, "review/case_suspend.html", person_id=person_id)
    try:
        cases.suspend(actor=actor_of(request), case_id=case_id, person_id=person_id)
    except CaseChangedError:
        _changed(request)
    else:
        messages.success(request, SUSPENDED)
    return redirect("case", case_id=case_id)


@requires(Permission.LOG_READ)
@require_POST
def decide(request: HttpRequest, case_id: int) -> HttpResponse:
    """Say what came of it."""
    actor = actor_of(request)
    form = DecideCaseForm(request.POST, people=several_of(actor, case_id))
    if not form.is_valid():
        return show_case(request, case_id, form)
    chosen = form.cleaned_data
    try:
        closed = cases.decide_case(
            actor=actor,
            case_id=case_id,
            result=CaseResult(chosen["result"]),
            found=chosen["found"],
            apart=form.apart,
        )
    except CaseGrownError:
        _changed(request, GROWN)
        return show_case(request, case_id, chosen=chosen)
    except CaseChangedError:
        _changed(request)
    else:
        messages.success(request, CLOSED if closed else SECOND)
    return redirect("case", case_id=case_id)


@requires(Permission.LOG_READ)
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def agree_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """Agree to what another auditor decided, or send it back.

    The address says how far the case had grown when the auditor read it.
    """
    found = request.GET.get("found", "")
    if not re.fullmatch(GROWTH, found):
        messages.info(request, READ_FIRST)
        return redirect("case", case_id=case_id)
    form = AgreeForm(confirming.typed(request))
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, case_id, "review/case_agree.html", form)
    actor, chosen = actor_of(request), form.cleaned_data
    agrees = chosen["agrees"] == "yes"
    try:
        if agrees:
            cases.agree(actor=actor, case_id=case_id, seen=chosen["seen"], found=int(found))
        else:
            cases.send_back(actor=actor, case_id=case_id, seen=chosen["seen"])
    except CaseGrownError:
        _changed(request, GROWN_SINCE_READ)
    except CaseChangedError:
        _changed(request)
    else:
        messages.success(request, CLOSED if agrees else SENT_BACK)
    return redirect("case", case_id=case_id)


def _form_page(
    request: HttpRequest,
    case_id: int,
    template: str,
    form: object = None,
    *,
    person_id: int | None = None,
    **more: object,
) -> HttpResponse:
    context = {**shown_alone(actor_of(request), case_id, person_id), "form": form, **more}
    return render(request, template, context)


def _asked_of(request: HttpRequest) -> AskedOf:
    """Who is asked, or has answered, by the address: the person, unless it says otherwise."""
    asked_of = request.GET.get("of", AskedOf.PERSON.value)
    if asked_of not in AskedOf.values:
        raise NotFoundError
    return AskedOf(asked_of)


def _changed(request: HttpRequest, why: str = CHANGED) -> None:
    """Say that nothing was done, and why, on the page that comes next. The log has it as a refusal."""
    note(request, WrongStateError(why))
    messages.error(request, why)
