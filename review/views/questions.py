"""What somebody is asked by an auditor, on their own pages, and their answer."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from access.door.actors import actor_of
from access.door.routes import vetted
from access.people.actions.history import Doing
from access.people.asked import Asked
from access.rules.decisions import can
from access.rules.roles import Permission
from audit.actors import Actor
from audit.reasons import reason_label
from registry.references import refer_to
from review.actions.questions import AnsweredError, answer, read_question
from review.case_forms import AnswerForm
from review.models import AskedOf, Rests
from review.selectors.questions import questions_waiting

ANSWERED = "Thank you. Your answer is with the auditor."
ANSWERED_ALREADY = "This question was answered already. Nothing was changed."


def waiting(actor: Actor) -> Iterator[Asked]:
    """What the actor is asked, for the pages of what they did and of what waits for them."""
    for each in questions_waiting(actor):
        others = each.asked_of == AskedOf.MANAGER
        words = (
            "An auditor asks you about accesses of one of your people."
            if others
            else "An auditor asks you about records that you opened."
        )
        if each.due_on < timezone.localdate():
            words = f"{words} Your answer is late."
        yield Asked(words, reverse("question", args=[each.id]), each.due_on, others)


@vetted
@require_http_methods(["GET", "HEAD", "POST"])
def question_page(request: HttpRequest, question_id: int) -> HttpResponse:
    """What is asked about which accesses, and the answer to it, from lists."""
    actor = actor_of(request)
    asked, doings, name = read_question(actor=actor, question_id=question_id)
    form = AnswerForm(request.POST if request.method == "POST" else None, asked_of=asked.asked_of)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            answer(actor=actor, question_id=question_id, said=chosen["answer"], rests_on=Rests(chosen["rests_on"]))
        except AnsweredError:
            messages.error(request, ANSWERED_ALREADY)
        else:
            messages.success(request, ANSWERED)
        return redirect("my_history" if asked.asked_of == AskedOf.PERSON else "home")
    opens = can(actor, Permission.CHILD_OPEN) and not can(actor, Permission.CALL_TAKE)
    context = {
        "question": asked,
        "name": name,
        "accesses": [_shown(doing, actor, opens=opens) for doing in doings],
        "form": form,
    }
    return render(request, "review/question.html", context)


def _shown(doing: Doing, actor: Actor, *, opens: bool) -> dict[str, object]:
    """One of one's own accesses, with the way back to its record."""
    child_id = doing.child_id
    return {
        "at": doing.at,
        "what": doing.kind.label,
        "reason": reason_label(doing.reason),
        "url": reverse("open_record", args=[refer_to(actor, child_id)]) if opens and child_id is not None else None,
    }
