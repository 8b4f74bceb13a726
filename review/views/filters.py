"""What an auditor asked the log, kept in their sealed session, so that no address carries it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest

from access.door.actors import actor_of
from pages import desk
from review.forms import LogFilterForm
from review.policies import organisations_within, record_looked_up
from review.selectors.entries import Filter

FILTERS = "log_filters"
FILTERS_KEPT = 20
NOT_KEPT = "What you had chosen is not kept any more, so this is the log without it. Choose again what you want to see."


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that was filled in well, and what it asks for."""

    form: LogFilterForm
    wanted: Filter

    @property
    def organisation(self) -> str:
        """The name of the organisation that was meant, if one was."""
        meant = self.form.cleaned_data["organisation"]
        return "" if meant is None else str(meant.text)


def form_of(request: HttpRequest, typed: Any = None, *, known: Sequence[int] | None = None) -> LogFilterForm:
    """The form of the log's page, for the organisations whose log the reader may read. `known`: as of the form."""
    return LogFilterForm(typed, reach=lambda: organisations_within(actor_of(request)), known=known)


def keep(request: HttpRequest, form: LogFilterForm) -> UUID:
    """Keep what the valid form asks, and look its number up, once. Returns the reference it is found by."""
    reference = uuid4()
    asked = {"typed": form.typed(), "child_id": _child_id(request, form), "organisation_id": form.organisation_id()}
    kept = {**(desk.look(request, FILTERS) or {}), str(reference): asked}
    desk.lay(request, FILTERS, dict(list(kept.items())[-FILTERS_KEPT:]))
    return reference


def kept(request: HttpRequest, reference: UUID) -> Asked | None:
    """What was asked in this session under that reference, or None."""
    asked = (desk.look(request, FILTERS) or {}).get(str(reference))
    if asked is None:
        return None
    meant = asked["organisation_id"]
    form = form_of(request, asked["typed"], known=None if meant is None else [meant])
    return Asked(form, form.wanted(child_id=asked["child_id"])) if form.is_valid() else None


def _child_id(request: HttpRequest, form: LogFilterForm) -> int | None:
    """The record that the number leads to."""
    number = form.number()
    if number is None:
        return None
    return record_looked_up(actor_of(request), number.kind, number.number, form.typed())
