"""Answers to families: who looked at a record, as a letter that two people answer for."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from access.door.actors import actor_of
from access.door.routes import recently_confirmed, requires
from access.rules.errors import OwnCaseError
from access.rules.roles import Permission
from audit.actors import Actor
from audit.reasons import AnswerResult, GivenBack, reason_label
from audit.recorder import About
from review.actions import answers
from review.actions.answers import AnswerChangedError, FactsChangedError
from review.answer_forms import (
    BeginAnswerForm,
    CloseAnswerForm,
    ConfirmLinesForm,
    GiveBackForm,
    StepForm,
    code_of,
    in_words,
    name_of,
)
from review.answering.facts import entry_of
from review.answering.reading import AnswerRead, read_answer
from review.answering.redaction import Telling
from review.letters import words
from review.models import Answer
from review.policies import authorities_of, reading_at_once
from review.selectors.answers import AnswerState, answers_of, events_of_answers, organisations_named, state_of
from review.selectors.names import Names, names_in, people_in
from review.views.lines import line_of
from review.views.ways import is_number

SHOWN = (
    ("open", "Open", frozenset({AnswerState.BEGUN, AnswerState.CONFIRMED})),
    ("released", "Released", frozenset({AnswerState.RELEASED})),
    ("closed", "Closed without a letter", frozenset({AnswerState.CLOSED})),
)
COLOURS = {
    AnswerState.BEGUN: "blue",
    AnswerState.CONFIRMED: "yellow",
    AnswerState.RELEASED: "green",
    AnswerState.CLOSED: "grey",
}
CHANGED = (
    "Somebody else took a step with this answer while you looked at it. Nothing was changed. See how it stands now."
)
FACTS_CHANGED = (
    "What this letter would say has changed since it was confirmed: an organisation, the protection of a record or the "
    "log is not as it was. No letter was made. {}"
)
GIVE_BACK_FIRST = "Give the answer back, so that its lines are confirmed as they are now."
BEGIN_AGAIN = "Begin a new answer, so that its lines are confirmed as they are now."
LOOK_AGAIN = "Choose again: the lines are not those that you saw."
BEGUN = "The answer is begun. Confirm each line of it below."
CONFIRMED = "You have confirmed the answer. Now another auditor checks and releases it."
GIVEN_BACK = "The answer is given back. Its lines are to be confirmed anew."
RELEASED = "The letter is released. Make it, and send it with your own covering letter."
CLOSED = "The answer is closed without a letter."
NO_SUCH_ANSWERS = "This address asks for answers that there are none of. These are the open ones."
NO_COUNCIL = "You look after the log of no council at the moment, so there is no answer that you could begin."


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as the letter would tell it in full; what the rules say of it, and what somebody confirmed."""

    place: int
    day: Any
    who: str
    what: str
    reason: str
    rules: list[str]
    decided: str
    box: str


@requires(Permission.LOG_READ)
@require_safe
def answers_page(request: HttpRequest) -> HttpResponse:
    """Answers of the auditor's authorities: the open ones, unless others are asked for."""
    asked = request.GET.get("show", SHOWN[0][0])
    states = {name: states for name, _, states in SHOWN}
    before = request.GET.get("before", "")
    if asked not in states or not is_number(before):
        messages.info(request, NO_SUCH_ANSWERS)
        return redirect("answers")
    actor = actor_of(request)
    authorities = authorities_of(actor)
    with reading_at_once(actor, About(fields=["answers"])):
        page = answers_of(authorities, states[asked], before=int(before) if before else None)
        entries = events_of_answers(authorities, page.answers)
        people = people_in(entries)
    names = names_in(entries, people)
    context = {
        "answers": [_summary(each, names, actor) for each in page.answers],
        "older": page.older,
        "asked": asked,
        "choices": [(name, label) for name, label, _ in SHOWN],
    }
    return render(request, "review/answers.html", context)


@requires(Permission.LOG_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def begin_answer(request: HttpRequest) -> HttpResponse:
    """Say who asks, how that was checked, and which record and days they mean."""
    actor = actor_of(request)
    councils = organisations_named(authorities_of(actor))
    if not councils:
        messages.error(request, NO_COUNCIL)
        return redirect("answers")
    form = BeginAnswerForm(request.POST if request.method == "POST" else None, councils=councils)
    if form.is_valid():
        answer_id = answers.begin_answer(actor=actor, new=form.asked(), typed=form.typed())
        messages.success(request, BEGUN)
        return redirect("answer", answer_id=answer_id)
    return render(request, "review/begin_answer.html", {"form": form})


@requires(Permission.LOG_READ)
@require_safe
def answer_page(request: HttpRequest, answer_id: int) -> HttpResponse:
    """One answer: its lines, what the rules propose, what was confirmed, and what to do next."""
    return _answer_page(request, read_answer(actor_of(request), answer_id))


@requires(Permission.LOG_READ)
@require_POST
def confirm_answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Confirm what the letter tells, line by line."""
    actor = actor_of(request)
    read = read_answer(actor, answer_id)
    form = _lines_form(read, request.POST)
    if state_of(read.answer) != AnswerState.BEGUN:
        messages.error(request, CHANGED)
        return redirect("answer", answer_id=answer_id)
    if not form.is_valid():
        return _answer_page(request, read, lines_form=form)
    try:
        answers.confirm_answer(
            actor=actor, answer_id=answer_id, decisions=form.decisions(), seen=form.cleaned_data["seen"]
        )
    except AnswerChangedError:
        messages.error(request, CHANGED)
    except FactsChangedError:
        messages.error(request, LOOK_AGAIN)
    else:
        messages.success(request, CONFIRMED)
    return redirect("answer", answer_id=answer_id)


@requires(Permission.LOG_READ)
@require_POST
def give_answer_back(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Have it confirmed anew."""
    form = GiveBackForm(request.POST)
    if not form.is_valid():
        return _answer_page(request, read_answer(actor_of(request), answer_id), back_form=form)
    try:
        answers.give_answer_back(
            actor=actor_of(request),
            answer_id=answer_id,
            why=GivenBack(form.cleaned_data["why"]),
            seen=form.cleaned_data["seen"],
        )
    except AnswerChangedError:
        messages.error(request, CHANGED)
    else:
        messages.success(request, GIVEN_BACK)
    return redirect("answer", answer_id=answer_id)


@requires(Permission.LOG_READ)
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def release_answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """See what the letter says and leaves out, and release it."""
    if request.method != "POST":
        return _release_page(request, answer_id)
    form = StepForm(request.POST)
    try:
        seen = form.cleaned_data["seen"] if form.is_valid() else 0
        answers.release_answer(actor=actor_of(request), answer_id=answer_id, seen=seen)
    except AnswerChangedError:
        messages.error(request, CHANGED)
    except FactsChangedError:
        messages.error(request, FACTS_CHANGED.format(GIVE_BACK_FIRST))
    else:
        messages.success(request, RELEASED)
    return redirect("answer", answer_id=answer_id)


@requires(Permission.LOG_READ)
@require_POST
def close_answer(request: HttpRequest, answer_id: int) -> HttpResponse:
    """End it without a letter."""
    form = CloseAnswerForm(request.POST)
    if not form.is_valid():
        return _answer_page(request, read_answer(actor_of(request), answer_id), close_form=form)
    try:
        answers.close_answer(
            actor=actor_of(request),
            answer_id=answer_id,
            result=AnswerResult(form.cleaned_data["result"]),
            seen=form.cleaned_data["seen"],
        )
    except AnswerChangedError:
        messages.error(request, CHANGED)
    else:
        messages.success(request, CLOSED)
    return redirect("answer", answer_id=answer_id)


@requires(Permission.LOG_READ)
@require_POST
def make_letter(request: HttpRequest, answer_id: int) -> HttpResponse:
    """The released letter as a file, made now and kept nowhere."""
    try:
        letter = answers.make_answer(actor=actor_of(request), answer_id=answer_id)
    except AnswerChangedError:
        messages.error(request, CHANGED)
        return redirect("answer", answer_id=answer_id)
    except FactsChangedError:
        messages.error(request, FACTS_CHANGED.format(BEGIN_AGAIN))
        return redirect("answer", answer_id=answer_id)
    response = HttpResponse(letter, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="answer-{answer_id}.pdf"'
    return response


def _release_page(request: HttpRequest, answer_id: int) -> HttpResponse:
    actor = actor_of(request)
    read = read_answer(actor, answer_id)
    if state_of(read.answer) != AnswerState.CONFIRMED:
        messages.error(request, CHANGED)
        return redirect("answer", answer_id=answer_id)
    if read.answer.confirmed_by_id == actor.user_id:
        raise OwnCaseError
    context = {"answer": read.answer, "reference": words.reference_of(answer_id), "shown": _shown(read)}
    return render(request, "review/release_answer.html", context)


def _answer_page(
    request: HttpRequest,
    read: AnswerRead,
    *,
    lines_form: ConfirmLinesForm | None = None,
    back_form: GiveBackForm | None = None,
    close_form: CloseAnswerForm | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    names = names_in(read.entries, read.people)
    state = state_of(read.answer)
    seen = {"seen": read.answer.row_version}
    is_own = read.answer.confirmed_by_id == actor.user_id
    context = {
        **_summary(read.answer, names, actor),
        "council": read.organisations[read.answer.authority_id].name,
        "number": read.answer.number.open(),
        "asker": reason_label(read.answer.asker),
        "identity_check": reason_label(read.answer.identity_check),
        "right_check": reason_label(read.answer.right_check),
        "leads_nowhere": read.answer.child_id is None,
        "too_long": read.too_long,
        "shown": _shown(read),
        "letter": read.answer.letter.open(),
        "step_form": StepForm(initial=seen),
        "lines_form": lines_form or _lines_form(read),
        "back_form": back_form or GiveBackForm(initial=seen),
        "close_form": close_form or CloseAnswerForm(initial=seen),
        "may_confirm": state == AnswerState.BEGUN and not read.too_long,
        "may_release": state == AnswerState.CONFIRMED and not is_own,
        "waits_for_another": state == AnswerState.CONFIRMED and is_own,
        "may_give_back": state == AnswerState.CONFIRMED,
        "may_make": state == AnswerState.RELEASED,
        "may_close": state in (AnswerState.BEGUN, AnswerState.CONFIRMED),
        "lines": [line_of(each, names, read.numbers) for each in read.entries],
    }
    context["problems"] = next((form for form in (lines_form, back_form, close_form) if form), context["step_form"])
    return render(request, "review/answer.html", context)


def _lines_form(read: AnswerRead, data: Any = None) -> ConfirmLinesForm:
    """The lines to confirm, with what was decided before it was given back."""
    confirmed = read.answer.confirmed.open()
    before = {name_of(key): code_of(*each) for key, each in confirmed.decisions.items()} if confirmed else {}
    return ConfirmLinesForm(
        data, lines=read.lines, proposals=read.proposals, seen=read.answer.row_version, before=before
    )


def _summary(answer: Answer, names: Names, actor: Actor) -> dict[str, Any]:
    state = state_of(answer)
    steps = (
        ("Begun", answer.begun_by_id, answer.begun_at),
        ("Confirmed", answer.confirmed_by_id, answer.confirmed_at),
        ("Released", answer.released_by_id, answer.released_at),
        ("Closed", answer.closed_by_id, answer.closed_at),
    )
    return {
        "answer": answer,
        "reference": words.reference_of(answer.pk),
        "state": state.label,
        "colour": COLOURS[state],
        "result": reason_label(answer.result),
        "steps": [
            (step, "you" if person == actor.user_id else names.person(person), at)
            for step, person, at in steps
            if person is not None
        ],
    }


def _shown(read: AnswerRead) -> list[ShownLine]:
    confirmed = read.answer.confirmed.open() if read.answer.confirmed_at else None
    decisions = answers.decisions_of(confirmed) if confirmed else {}
    shown = []
    for place, line in enumerate(read.lines, start=1):
        entry = entry_of(line, Telling.FULL, read.organisations)
        proposal = read.proposals[line.key]
        decided = decisions.get(line.key)
        shown.append(
            ShownLine(
                place=place,
                day=line.day,
                who=words.organisation_in_words(entry),
                what=words.what_in_words(entry),
                reason=words.reason_in_words(entry),
                rules=[rule.label for rule in proposal.rules],
                decided=in_words(*decided) if decided else "",
                box=name_of(line.key),
            )
        )
    return shown
