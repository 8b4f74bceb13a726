"""What of a feed is linked without a person, to those who keep it: as it stands, what is suggested, and each step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from access.door.actors import actor_of
from access.door.confirming import typed
from access.door.routes import recently_confirmed, requires
from access.people.selectors.people import names_of
from access.rules.roles import Permission
from feeds.actions import bounds
from feeds.actions.bounds import FeedBounds, is_outdated, read_bounds
from feeds.forms.bounds import BoundsStepForm
from feeds.references import Thing, number_of
from feeds.rules.bounds import Moves
from feeds.selectors.bounds import Version
from registry.views.steps import CHANGED, StepPage, taken

CONFIRM = StepPage(
    title="Do as is suggested",
    button="Do so from now on",
    words="It counts for every batch of this feed that is checked or taken in from now on. You can take it back.",
    done="It counts from now on.",
    act=bounds.confirm,
    form=BoundsStepForm,
    of="bounds",
)
REFUSE = StepPage(
    title="Leave it as it is",
    button="Leave it as it is",
    words="Nothing changes. It is suggested again once twice as many decisions speak for it.",
    done="It stays as it was.",
    act=bounds.refuse,
    form=BoundsStepForm,
    of="bounds",
)
WITHDRAW = StepPage(
    title="Take this back",
    button="Take it back",
    words=(
        "What counted before counts again, for every batch that is checked or taken in from now on. Rows that were "
        "linked meanwhile stay linked: to have them looked at, take their batch back. It is suggested again once twice "
        "as many decisions speak for it. What is suggested now falls away."
    ),
    done="What counted before counts again.",
    act=bounds.withdraw,
    form=BoundsStepForm,
    of="bounds",
    warning=True,
)
FEW = 100  # from here on odds are told roughly
STEPS = {"confirm_bounds": CONFIRM, "refuse_bounds": REFUSE, "withdraw_bounds": WITHDRAW}


@dataclass(frozen=True, slots=True)
class Shown:
    """A version in words: what it changes, and what speaks for it."""

    row: Version
    changes: str
    why: str
    outdated: bool


@requires(Permission.BATCH_KEEP)
@require_safe
def bounds_page(request: HttpRequest, reference: str) -> HttpResponse:
    """What counts, what is suggested, and all that was suggested before. Recorded."""
    actor = actor_of(request)
    found = read_bounds(actor=actor, supplier_id=number_of(actor, Thing.FEED, reference))
    people = {each.decided_by_id for each in found.versions if each.decided_by_id is not None}
    context = {
        "feed": found.feed,
        "reference": reference,
        "link": in_words(found.now.link),
        "doubt": in_words(found.now.doubt),
        "suggested": found.suggested and _shown(found.suggested),
        "in_force": found.in_force,
        "versions": [_shown(each) for each in found.versions if each != found.suggested],
        "names": names_of(people),
    }
    return render(request, "feeds/bounds.html", context)


def _step_page(name: str) -> Callable[..., HttpResponse]:
    """The page that says what a step does, and takes it."""

    @requires(Permission.BATCH_KEEP)
    @recently_confirmed
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
        actor, told = actor_of(request), STEPS[name]
        supplier_id = number_of(actor, Thing.FEED, reference)
        form = told.form(typed(request))
        if taken(request, told, form, number, actor=actor, supplier_id=supplier_id):
            return redirect("feed_bounds", reference)
        found = read_bounds(actor=actor, supplier_id=supplier_id)
        version = _beginning(name, found)
        if version is None or version.id != number:
            messages.error(request, CHANGED)
            return redirect("feed_bounds", reference)
        form.initial = {"seen": version.state}
        context: dict[str, Any] = {"told": told, "form": form, "feed": found.feed, "reference": reference}
        return render(request, "feeds/bounds_step.html", {**context, "about": _shown(version)})

    return page


confirm_page, refuse_page, withdraw_page = map(_step_page, STEPS)


def in_words(bits: float) -> str:
    """Odds in words: each bit is twice as much."""
    odds = 2 ** abs(bits)
    rounded = round(odds, 2 - len(str(int(odds)))) if odds >= FEW else odds
    return f"{rounded:,.0f} to 1" if bits >= 0 else f"1 to {rounded:,.0f}"


def _beginning(name: str, found: FeedBounds) -> Version | None:
    if name == "withdraw_bounds":
        return found.in_force
    outdated = found.suggested is not None and is_outdated(found.suggested)
    return None if outdated and name == "confirm_bounds" else found.suggested


def _shown(version: Version) -> Shown:
    before, after = in_words(version.moved_from), in_words(version.moved_to)
    all_, against, for_ = (
        f"{each:,}" for each in (version.decided, version.against, version.decided - version.against)
    )
    if version.moves is Moves.LINK:
        changes = f"Link rows without a person from odds of {after}, and no longer only from {before}."
        why = (
            f"Of {all_} doubtful rows that fitted so well, people said of {for_} that it is the same child, and of "
            f"{against} that it is another."
        )
    elif version.moved_to > version.moved_from:
        changes = f"Show nobody a record whose odds are below {after}. Until now that was so below {before}."
        why = (
            f"Of {all_} records that fitted so little, people said of {for_} that it is another child, and of "
            f"{against} that it is the same."
        )
    else:
        changes = f"Show people records from odds of {after}, and no longer only from {before}."
        why = (
            f"Of {all_} records that fitted least well of those that are shown, people said of {for_} that it is the "
            "same child. So there are more among those not shown."
        )
    return Shown(version, changes, why, is_outdated(version))
