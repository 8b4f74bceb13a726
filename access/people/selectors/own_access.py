"""Reading one's own access: whether one can come in, until when, what is missing and what happens next."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from access.models import User, UserState, VettingKind
from access.people import agreements
from access.people.selectors.checklist import ChecklistItem, Mover, checklist_of
from access.rules.vetting import may_enter
from pages.form_fields import in_sentence
from pages.wording import long_date

SOON = timedelta(days=60)


class Standing(StrEnum):
    """How one step stands. To whoever is joining, what was never there is yet to be done."""

    DONE = "Done"
    SOON = "Runs out soon"
    RAN_OUT = "Ran out"
    MISSING = "Missing"
    TO_DO = "To do"


@dataclass(frozen=True, slots=True)
class Step:
    """One step, and how it stands. `mover` in the person's own eyes; nobody's move where all is well."""

    kind: str
    label: str
    standing: Standing
    expires_on: date | None
    mover: Mover | None


@dataclass(frozen=True, slots=True)
class OwnAccess:
    """`sentence` says it all; `movers` are those who have something to do; `agreement_due`: it is to be signed now."""

    sentence: str
    steps: list[Step]
    movers: list[Mover]
    agreement_due: bool


def own_access(user: User, *, today: date) -> OwnAccess:
    """How `user` stands. With the ticket of an event of theirs, as for `checklist_of`."""
    joining = user.state == UserState.JOINING
    steps = [_step(item, today, joining=joining) for item in checklist_of(user, today=today)]
    return OwnAccess(
        sentence=until(steps) if may_enter(user, today=today) else why_not(steps, joining=joining),
        steps=steps,
        movers=[mover for mover in Mover if any(step.mover == mover for step in steps)],
        agreement_due=agreement_is_due(user, today=today),
    )


def agreement_is_due(user: User, *, today: date) -> bool:
    """Whether to sign it: it is missing, runs out soon, or another version came into force."""
    signed = next((item for item in user.vetting_items.all() if item.kind == VettingKind.AGREEMENT), None)
    in_force = agreements.in_force(today=today).version
    return signed is None or signed.version != in_force or signed.expires_on - today <= SOON


def until(steps: list[Step]) -> str:
    """The sentence for somebody who can come in."""
    last_day, label = min((step.expires_on, step.label) for step in steps if step.expires_on)
    return f"You can use the service until {long_date(last_day)}. What runs out first: {in_sentence(label)}."


def why_not(steps: list[Step], *, joining: bool) -> str:
    """The sentence for somebody who cannot."""
    open_steps = [step for step in steps if step.standing not in (Standing.DONE, Standing.SOON)]
    still = "You cannot use the service yet" if joining else "You cannot use the service now"
    undone = "still to be done" if joining else "missing or out of date"
    if [step.mover for step in open_steps] == [Mover.SECOND_ADMINISTRATOR]:
        return f"{still}. Everything is there: a second administrator decides now."
    if len(open_steps) == 1:
        return f"{still}. One thing is {undone}: {_missing(open_steps[0])}."
    return f"{still}. {len(open_steps)} things are {undone}." if open_steps else f"{still}."


def _step(item: ChecklistItem, today: date, *, joining: bool) -> Step:
    standing = _standing(item, today, joining=joining)
    mover = None if standing == Standing.DONE else item.whose_move
    return Step(item.kind, item.label, standing, item.expires_on, mover)


def _standing(item: ChecklistItem, today: date, *, joining: bool) -> Standing:
    if item.done:
        return Standing.SOON if item.expires_on and item.expires_on - today <= SOON else Standing.DONE
    if item.expires_on:
        return Standing.RAN_OUT
    return Standing.TO_DO if joining else Standing.MISSING


def _missing(step: Step) -> str:
    ran_out = f", which ran out on {long_date(step.expires_on)}" if step.expires_on else ""
    return f"{in_sentence(step.label)}{ran_out}"
