"""What suppliers send, to those who keep the feeds: sent, let in, taken back, and refused rows given back."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.refusals import note
from access.door.routes import recently_confirmed, requires
from access.people.selectors.people import names_of
from access.rules.errors import WrongStateError
from access.rules.roles import Permission
from access.systems.selectors import name_of_system
from audit.actors import Actor
from feeds.actions import batches
from feeds.forms.batches import CHOOSE, FILE, BatchStepForm, SendForm
from feeds.models import BatchState
from feeds.references import Thing, number_of, refer_to
from feeds.selectors.batches import Feed, RefusedRow, Sent
from feeds.views.telling import outcomes_of, pace_of, refusal_of, usual_words, words_of_fault
from pages.streamed import StreamedFile, StreamError, streams_its_file
from registry.views.steps import CHANGED, StepPage, taken

Page = Callable[[HttpRequest, str], HttpResponse]
RECEIVED = "It is here, sealed. Now it is checked. Nothing is changed before you let it in."
COLOURS = {
    BatchState.RECEIVED: "grey",
    BatchState.CHECKED: "blue",
    BatchState.COMMITTED: "yellow",
    BatchState.DONE: "green",
    BatchState.REFUSED: "red",
    BatchState.UNDOING: "yellow",
    BatchState.UNDONE: "grey",
}
WORKS = (BatchState.RECEIVED, BatchState.COMMITTED, BatchState.UNDOING)
REFUSED_ROWS = ("line", "code", "what is wrong", "field", "what was written")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
LET_IN = StepPage(
    title="Let this batch in",
    button="Let it in",
    words=(
        "Records of children are changed and made as the table says. It can be taken back afterwards, as far as nobody "
        "has recorded something else since."
    ),
    done="It is let in. Records are being changed now.",
    act=batches.let_in,
    form=BatchStepForm,
    of="batch",
)
TAKE_BACK = StepPage(
    title="Take this batch back",
    button="Take it back",
    words=(
        "Each record says again what it said before. Records that this batch made are archived. What people recorded "
        "since stays, and so does a record to which somebody added something."
    ),
    done="It is being taken back.",
    act=batches.take_back,
    form=BatchStepForm,
    of="batch",
    warning=True,
)
# Of one that was not let in yet there is nothing to take back.
NOT_LET_IN = (BatchState.RECEIVED, BatchState.CHECKED)
DROP = replace(
    TAKE_BACK,
    title="Do not take this batch in",
    button="Do not take it in",
    words="Nothing was changed yet, and nothing will be. What was sent is destroyed.",
    done="It is not taken in, and what was sent is destroyed.",
)
STEPS = {"let_in_batch": LET_IN, "take_back_batch": TAKE_BACK}


@requires(Permission.BATCH_KEEP)
@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """The feeds that the person keeps, and their latest batches. Names no child. Recorded."""
    actor = actor_of(request)
    found = batches.list_batches(actor=actor)
    feeds = {each.id: each for each in found.feeds}
    context = {
        "feeds": [_feed(each, actor) for each in found.feeds],
        "suggested": found.suggested,
        "batches": [_batch(each, feeds[each.supplier_id], actor) for each in found.batches],
        "most": batches.MOST_SHOWN,
    }
    return render(request, "feeds/batches.html", context)


@streams_its_file
@requires(Permission.BATCH_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def send_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The form with the file, which is sealed as it comes in. That somebody was here to send is recorded."""
    actor = actor_of(request)
    feed = batches.feed(actor=actor, supplier_id=number_of(actor, Thing.FEED, reference))
    form = SendForm(request.POST if request.method == "POST" else None, most_bytes=settings.STREAMED_FILE_MAX_BYTES)
    if request.method == "POST":
        sent: StreamedFile | None = request.FILES.get(FILE)  # type: ignore[assignment]  # see streams_its_file
        wrong = CHOOSE
        if sent is not None:
            try:
                batch_id = batches.receive(actor=actor, supplier_id=feed.id, parts=sent.parts())
            except WrongStateError as error:
                note(request, error)
                wrong = error.sentence
            except StreamError as error:
                sent.pass_over()
                wrong = str(error)
            else:
                messages.success(request, RECEIVED)
                return redirect("batch", refer_to(actor, Thing.BATCH, batch_id))
        form.add_error(FILE, wrong)
    return render(request, "feeds/send.html", {"feed": _feed(feed, actor), "form": form})


@requires(Permission.BATCH_KEEP)
@require_safe
def batch_page(request: HttpRequest, reference: str) -> HttpResponse:
    """How far it is, what would become or became of its rows, and what can be done with it. Recorded."""
    return render(request, "feeds/batch.html", _about(request, reference))


@requires(Permission.BATCH_KEEP)
@require_safe
def refused_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The rows that were refused, as a table for their supplier to mend. Recorded."""
    actor = actor_of(request)
    batch_id = number_of(actor, Thing.BATCH, reference)
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(REFUSED_ROWS)
    for each in batches.give_back(actor=actor, batch_id=batch_id):
        writer.writerow(map(_harmless, _cells(each)))
    # With its mark, so that a spreadsheet reads names as they were written.
    response = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-rows-of-batch-{batch_id}.csv"'
    return response


def _step_page(name: str) -> Page:
    """The page that says what a step does, and takes it."""

    @requires(Permission.BATCH_KEEP)
    @recently_confirmed
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, reference: str) -> HttpResponse:
        actor = actor_of(request)
        told = _as_it_stands(STEPS[name], request.POST.get("seen"))
        form = told.form(typed(request))
        if taken(request, told, form, number_of(actor, Thing.BATCH, reference), actor=actor):
            return redirect("batch", reference)
        context = _about(request, reference)
        sent: Sent = context["batch"]["row"]
        if not _may(name, sent, context["feed"]["row"]):
            messages.error(request, CHANGED)
            return redirect("batch", reference)
        form.initial = {"seen": sent.state}
        return render(
            request, "feeds/step.html", {"told": _as_it_stands(STEPS[name], sent.state), "form": form, **context}
        )

    return page


let_in_page, take_back_page = map(_step_page, STEPS)


def _about(request: HttpRequest, reference: str) -> dict[str, Any]:
    actor = actor_of(request)
    feed, sent = batches.batch(actor=actor, batch_id=number_of(actor, Thing.BATCH, reference))
    people = {each for each in (sent.received_by_id, sent.decided_by_id) if each is not None}
    return {
        "reference": reference,
        "feed": _feed(feed, actor),
        "batch": _batch(sent, feed, actor),
        "names": names_of(people),
        "system": name_of_system(actor, sent.system_id) if sent.system_id else "",
        "works": sent.state in WORKS and not sent.stands_still,
        "pace": pace_of(sent),
        "outcomes": outcomes_of(sent),
        "faults": [(number, words_of_fault(code)) for code, number in (sent.faults or {}).items()],
        "usual": usual_words(sent, feed),
        "refusal": refusal_of(sent),
        "steps": [(each, _as_it_stands(told, sent.state)) for each, told in STEPS.items() if _may(each, sent, feed)],
    }


def _as_it_stands(told: StepPage, state: str | None) -> StepPage:
    return DROP if told is TAKE_BACK and state in NOT_LET_IN else told


def _may(step: str, sent: Sent, feed: Feed) -> bool:
    """Whether the step can be taken as the batch stands (feeds/sql/functions/feeds_batch_decide.sql)."""
    if step == "let_in_batch":
        return sent.state == BatchState.CHECKED and feed.stopped_at is None
    if sent.state == BatchState.UNDOING:
        return sent.failures > 0
    return sent.state not in (BatchState.REFUSED, BatchState.UNDONE)


def _feed(feed: Feed, actor: Actor) -> dict[str, Any]:
    reference = refer_to(actor, Thing.FEED, feed.id)
    return {
        "row": feed,
        "send": reverse("send_batch", args=[reference]),
        "quality": reverse("feed_quality", args=[reference]),
        "bounds": reverse("feed_bounds", args=[reference]),
    }


def _batch(sent: Sent, feed: Feed, actor: Actor) -> dict[str, Any]:
    return {
        "row": sent,
        "feed": feed,
        "href": reverse("batch", args=[refer_to(actor, Thing.BATCH, sent.id)]),
        "state": sent.state.label,
        "colour": COLOURS[sent.state],
    }


def _cells(row: RefusedRow) -> tuple[str, ...]:
    return str(row.line), row.code, words_of_fault(row.code), row.field, row.written


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet works nothing out from."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
