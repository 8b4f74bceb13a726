"""Reading one person whom an administrator looks after: how they stand, what may be done, and what was done."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from access.models import (
    SIGNING_IN,
    Approval,
    ApprovalKind,
    Grant,
    IdentityCheck,
    InvitationPurpose,
    Role,
    Stop,
    User,
    UserState,
    VettingItem,
    VettingKind,
)
from access.models.vetting import VettingDetails
from access.people.selectors.checklist import ChecklistItem, Mover, checklist_of
from access.people.selectors.links import invitation_in_words, links_of, new_sign_in_in_words
from access.people.selectors.people import answerable, names_of
from access.rules import grants
from access.rules.administering import administrators_of, organisations_administered
from access.rules.lifecycle import TRANSITIONS, Step
from access.rules.two_people import another_had_a_part, somebody_checked
from access.rules.vetting import is_complete, last_day, may_enter
from audit.actors import Actor
from pages.form_fields import in_sentence
from pages.wording import long_date

# The steps that a page offers, in the order of its buttons. Others that lead on (suspending somebody who is joining)
# would say the same in other words.
OFFERED: dict[UserState, tuple[Step, ...]] = {
    UserState.INVITED: (Step.WITHDRAW,),
    UserState.JOINING: (Step.APPROVE, Step.DECLINE, Step.WITHDRAW),
    UserState.ACTIVE: (Step.SUSPEND, Step.LEAVE, Step.REVOKE),
    UserState.SUSPENDED: (Step.REINSTATE, Step.LEAVE, Step.REVOKE),
    UserState.LEFT: (Step.REJOIN,),
    UserState.REVOKED: (Step.REJOIN,),
}
DECIDES: dict[Step, tuple[ApprovalKind, ...]] = {
    Step.APPROVE: (ApprovalKind.JOIN, ApprovalKind.REJOIN),
    Step.DECLINE: (ApprovalKind.JOIN, ApprovalKind.REJOIN),
    Step.REINSTATE: (ApprovalKind.REINSTATE, ApprovalKind.JOIN, ApprovalKind.REJOIN),
}
LETS_IN = (Step.APPROVE, Step.REINSTATE)
WHO = {
    Mover.APPLICANT: "them",
    Mover.ADMINISTRATOR: "an administrator",
    Mover.SECOND_ADMINISTRATOR: "another administrator than asked",
}
THE_SERVICE = "The service"
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Who:
    """Who somebody is and where they stand. `standing`: by which a step sees that another was first."""

    id: int
    name: str = field(repr=False)
    email: str = field(repr=False)
    organisation: str
    role: Role
    state: UserState
    is_stopped: bool
    standing: int


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that was done: when, what, and by whom. `dated` alone where the hour is not known."""

    at: datetime
    what: str
    who: str
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One item of the checklist as an administrator sees it. `details` in words; `recordable`: by an administrator."""

    item: ChecklistItem
    details: str
    recordable: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What a decision about somebody turns on.

    Of the approvals, by id: in which another than the reader had a part (`shared`), and for which any administrator has
    recorded evidence since they were asked for (`checked`).
    """

    checklist: list[ChecklistItem]
    approvals: list[Approval]
    shared: set[int]
    checked: set[int]

    def asked(self, step: Step) -> list[Approval]:
        """What the step decides."""
        return [one for one in self.approvals if not one.outcome and one.kind in DECIDES.get(step, ())]

    def alone(self, step: Step) -> list[Approval]:
        """What the reader would decide alone, if they took the step."""
        return [one for one in self.asked(step) if one.pk not in self.shared]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader may do now, and why not the rest. `role`: the one that was asked for and waits for the reader.

    `new_sign_in`: whether the reader may ask for one. `asked_sign_in`: whether one waits for the reader.

    `override`, `asked_override`: the same of opening protected records; `overrides`: whether the reader may take it.
    """

    steps: list[Step]
    notes: list[str]
    may_apply: bool
    role: Role | None
    new_sign_in: bool = False
    asked_sign_in: bool = False
    override: bool = False
    asked_override: bool = False
    overrides: bool = False


@dataclass(frozen=True, slots=True)
class PersonPage:
    """All that an administrator's page about a person shows."""

    who: Who
    sentence: str
    checklist: list[Evidence]
    choices: Choices
    grants: list[tuple[str, str, date]]
    history: list[Moment]


def person_page(actor: Actor, user: User, *, today: date) -> PersonPage:
    """The page. With the ticket of the actor's reading about the user: vetting is seen only then."""
    items = {VettingKind(item.kind): item for item in user.vetting_items.all()}
    checklist = checklist_of(user, today=today)
    approvals = list(Approval.objects.filter(user=user).order_by("pk"))
    standing = Standing(
        checklist,
        approvals,
        shared=_ids(user, another_had_a_part(actor.user_id)),
        checked=_ids(user, somebody_checked()),
    )
    return PersonPage(
        who=who_is(user),
        sentence=new_sign_in_in_words(user) or _sentence(user, checklist, today),
        checklist=[_evidence(item, items) for item in checklist],
        choices=_choices(actor, user, standing, today),
        grants=_grants(user),
        history=_history(user, approvals, items.values()),
    )


def who_is(user: User) -> Who:
    """The user, opened."""
    return Who(
        id=user.pk,
        name=user.name.open(),
        email=user.email.open(),
        organisation=user.organisation.name,
        role=Role(user.role),
        state=UserState(user.state),
        is_stopped=user.is_stopped,
        standing=user.standing,
    )


def asked_of(user: User, kind: ApprovalKind) -> Approval | None:
    """What of that kind waits for a decision about the user, if anything does that can still be decided."""
    return Approval.objects.filter(answerable(), user=user, kind=kind, outcome="").first()


def _ids(user: User, fitting: Q) -> set[int]:
    return set(Approval.objects.filter(fitting, user=user, outcome="").values_list("pk", flat=True))


def missing_in_words(checklist: Iterable[ChecklistItem]) -> str:
    """What is not done but the approval itself, as a list within a sentence; empty where all is."""
    return ", ".join(item.label.lower() for item in checklist if not item.done and item.kind != "approval")


def _sentence(user: User, checklist: list[ChecklistItem], today: date) -> str:
    if user.is_stopped:
        return "Stopped in an emergency: refused until the stop is lifted."
    if user.state == UserState.INVITED:
        return invitation_in_words(user)
    if user.state == UserState.JOINING:
        mover = next((item.whose_move for item in checklist if not item.done), Mover.SECOND_ADMINISTRATOR)
        return f"Joining: waits for {WHO[mover]}."
    if user.state != UserState.ACTIVE:
        when = f" since {long_date(timezone.localdate(user.state_at))}" if user.state_at else ""
        return f"{user.get_state_display()}{when}: cannot use the service."
    if may_enter(user, today=today) and (until := last_day(user)):
        return f"Can use the service until {long_date(until)}."
    return f"Cannot use the service: {missing_in_words(checklist)} missing or run out."


def _evidence(item: ChecklistItem, items: dict[VettingKind, VettingItem]) -> Evidence:
    if item.kind not in VettingKind.values:
        return Evidence(item, "", recordable=False)
    kind = VettingKind(item.kind)
    known = items.get(kind)
    details = known.details.open() if known and known.details is not None else None
    return Evidence(item, _details(details) if details else "", recordable=kind != VettingKind.AGREEMENT)


def _details(details: VettingDetails) -> str:
    parts = [
        details.document.label if details.document else "",
        f"Certificate {details.number}" if details.number else "",
        f"issued {long_date(details.issued_on)}" if details.issued_on else "",
        {True: "on the update service", False: "not on the update service", None: ""}[details.on_update_service],
    ]
    return ", ".join(part for part in parts if part)


def _choices(actor: Actor, user: User, standing: Standing, today: date) -> Choices:
    if actor.user_id == user.pk:
        return Choices([], ["This is you. Another administrator decides about you."], may_apply=False, role=None)
    deciding = organisations_administered(actor).filter(pk=user.organisation_id).exists()
    steps, notes = [], []
    for step in OFFERED[UserState(user.state)]:
        note = _why_not(step, actor, user, standing, deciding=deciding, today=today)
        if note is None:
            steps.append(step)
        elif note not in notes:
            notes.append(note)
    asked = asked_of(user, ApprovalKind.ROLE)
    role = Role(asked.role) if asked else None
    if asked and role and (not deciding or asked.asked_by_id == actor.user_id):
        notes.append(f"A change of role to {role.label.lower()} waits for another administrator.")
        role = None
    sign_in = asked_of(user, ApprovalKind.SIGN_IN)
    asked_sign_in = sign_in is not None and deciding and sign_in.asked_by_id != actor.user_id
    if sign_in and not asked_sign_in:
        others = _others_who_decide(user, {sign_in.asked_by_id})
        notes.append(f"A new sign-in for them waits for another administrator{others}.")
    override = asked_of(user, ApprovalKind.OVERRIDE)
    if override and (not deciding or override.asked_by_id == actor.user_id):
        notes.append("That they may open protected records in an emergency waits for another administrator.")
    fits = user.state == UserState.ACTIVE and grants.may_be_granted_to_override(user.role, user.organisation.kind)
    return Choices(
        steps,
        notes,
        may_apply=True,
        role=role,
        override=fits and override is None,
        asked_override=override is not None and deciding and override.asked_by_id != actor.user_id,
        overrides=deciding and grants.held(user.pk, grants.OVERRIDE, today=today).exists(),
        new_sign_in=deciding and user.state in SIGNING_IN,
        asked_sign_in=asked_sign_in,
    )


def _why_not(step: Step, actor: Actor, user: User, standing: Standing, *, deciding: bool, today: date) -> str | None:
    """Why the actor may not take the step, and who can, or None."""
    if not deciding and step != Step.WITHDRAW:
        return "You may invite people and record what was checked. Your authority decides about them."
    asked_by = {one.asked_by_id for one in standing.asked(step)}
    if TRANSITIONS[step].second_person and actor.user_id in asked_by:
        others = _others_who_decide(user, asked_by)
        return f"You asked for this, so another administrator decides{others}."
    if step in LETS_IN and not is_complete(user, today=today):
        return f"They can be let in when this is there: {missing_in_words(standing.checklist)}."
    if step in LETS_IN and (alone := standing.alone(step)):
        checked = all(one.pk in standing.checked for one in alone)
        return _why_not_alone(actor, user, min(one.asked_at for one in alone), checked=checked)
    return None


def _why_not_alone(actor: Actor, user: User, asked_at: datetime, *, checked: bool) -> str:
    """Nobody else had a part in it (ADR 22): where the reader had one, another lets them in; else one is to be had."""
    since = f"The service asked for this on {long_date(timezone.localdate(asked_at))}"
    if checked:
        others = _others_who_decide(user, {actor.user_id})
        return f"{since}. You alone recorded checks since then, so another administrator lets them in{others}."
    return (
        f"{since}, and no administrator has recorded a check since then. Two people must have a part in letting "
        "somebody in. Record or renew one of the checks. Another administrator can then let them in."
    )


def _others_who_decide(user: User, but: Collection[int | None]) -> str:
    """Some of those who decide for the user's organisation today, as the end of a sentence; or that there is none."""
    deciding = set(administrators_of(user.organisation)) - {user.pk, *but}
    names = sorted(names_of(sorted(deciding)[:MOST_NAMED]).values())
    return f": {' or '.join(names)}" if names else ", and none is there today. Your authority needs a second one"


def _grants(user: User) -> list[tuple[str, str, date]]:
    held = Grant.objects.filter(user=user).select_related("permission", "content_object").order_by("expires_on")
    return [(grants.IN_WORDS[each.permission.codename], each.content_object.name, each.expires_on) for each in held]


def _history(user: User, approvals: list[Approval], items: Iterable[VettingItem]) -> list[Moment]:
    """What is known to have been done, the newest first. The access log holds all of it, for auditors."""
    moments = [*_decided(approvals), *_recorded(items), *_sent(user), *_stopped(user)]
    if user.state_at:
        moments.append((user.state_at, f"{user.get_state_display()} since then", user.state_by_id, False))
    names = names_of({who for _at, _what, who, _dated in moments if who})
    ordered = sorted(moments, key=lambda moment: moment[0], reverse=True)
    return [Moment(at, what, names[who] if who else THE_SERVICE, dated) for at, what, who, dated in ordered]


Told = tuple[datetime, str, int | None, bool]


def _decided(approvals: list[Approval]) -> Iterator[Told]:
    for asked in approvals:
        what = f"{asked.get_kind_display()} {_more_of(asked)}".strip()
        yield asked.asked_at, f"{what}: asked for", asked.asked_by_id, False
        if asked.decided_at:
            yield asked.decided_at, f"{what}: {asked.get_outcome_display().lower()}", asked.decided_by_id, False


def _more_of(asked: Approval) -> str:
    if asked.kind == ApprovalKind.SIGN_IN:
        return f"({in_sentence(IdentityCheck(asked.identity_check).label)})"
    return "" if asked.kind == ApprovalKind.OVERRIDE else f"as {Role(asked.role).label.lower()}"


def _recorded(items: Iterable[VettingItem]) -> Iterator[Told]:
    for item in items:
        at = timezone.make_aware(datetime.combine(item.checked_on, time()))
        version = f", version of {item.version}" if item.version else ""
        yield at, f"{VettingKind(item.kind).label}{version}", item.recorded_by_id, True


def _sent(user: User) -> Iterator[Told]:
    for invitation in links_of(user):
        asked = (
            "Invitation asked for"
            if invitation.purpose == InvitationPurpose.JOIN
            else "Link to a new sign-in asked for"
        )
        yield invitation.asked_at, asked, invitation.invited_by_id, False
        for at, what in (
            (invitation.sent_at, "E-mail with the link sent"),
            (invitation.refused_at, "E-mail could not be delivered"),
        ):
            if at:
                yield at, what, None, False
        if invitation.used_at:
            yield invitation.used_at, "Link used", user.pk, False


def _stopped(user: User) -> Iterator[Told]:
    for stop in Stop.objects.filter(user=user):
        yield stop.begun_at, f"Emergency stop: {stop.get_reason_display().lower()}", stop.begun_by_id, False
        if stop.lifted_at:
            yield stop.lifted_at, "Emergency stop lifted", stop.lifted_by_id, False
