"""What an auditor asked the log, kept in their sealed session, so that no address carries it."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.http import HttpRequest

from access.door.actors import actor_of
from pages import desk
from review.forms import LogFilterForm
from review.policies import record_looked_up
from review.selectors.entries import Filter

FILTERS = "log_filters"
FILTERS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that was filled in well, and what it asks for."""

    form: LogFilterForm
    wanted: Filter


def keep(request: HttpRequest, form: LogFilterForm) -> UUID:
    """Keep what the valid form asks, and look its number up, once. Returns the reference it is found by."""
    reference = uuid4()
    asked = {"typed": form.typed(), "child_id": _child_id(request, form)}
    kept = {**(desk.look(request, FILTERS) or {}), str(reference): asked}
    desk.lay(request, FILTERS, dict(list(kept.items())[-FILTERS_KEPT:]))
    return reference


def kept(request: HttpRequest, reference: UUID) -> Asked | None:
    """What was asked in this session under that reference, or None."""
    asked = (desk.look(request, FILTERS) or {}).get(str(reference))
    if asked is None:
        return None
    form = LogFilterForm(asked["typed"])
    return Asked(form, form.wanted(child_id=asked["child_id"])) if form.is_valid() else None


def _child_id(request: HttpRequest, form: LogFilterForm) -> int | None:
    """The record that the number leads to."""
    number = form.number()
    if number is None:
        return None
    return record_looked_up(actor_of(request), number.kind, number.number, form.typed())
