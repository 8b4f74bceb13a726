"""Cases as the desk's pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from access.models import Role
from audit.actors import Actor
from audit.reasons import reason_label
from review import case_words
from review.case_policies import may_agree, may_decide, may_take
from review.models import AskedOf, Explanation, Question, Rests
from review.selectors.case_pages import CaseContents, SeenAccess
from review.selectors.cases import CaseState, KnownPerson, WorkedCase
from review.selectors.entries import Entry
from review.views.lines import records

COLOURS = {
    CaseState.NEW: "red",
    CaseState.TAKEN: "blue",
    CaseState.ASKED: "yellow",
    CaseState.LATE: "red",
    CaseState.SECOND: "purple",
    CaseState.CLOSED: "grey",
}
REASONS_SHOWN = 2
NOBODY = KnownPerson("Somebody", "", "")
A_CHILD = KnownPerson("A child whom many looked up", "", "")
AN_ACCESS = "An access to judge by itself"


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case in words, and what its reader may do with it."""

    case: WorkedCase
    name: str
    role: str
    organisation: str
    suspended: bool
    left: bool
    strength: str
    strength_colour: str
    reasons: list[str]
    state: str
    colour: str
    worker: str
    own: bool
    title: str
    result: str
    decided_by: str
    agreed_by: str
    may_take: bool
    may_decide: bool
    may_agree: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A line of the queue: a case, or an access that was drawn."""

    url: str
    name: str
    who: str
    reasons: list[str]
    since: datetime
    strength: str
    strength_colour: str
    urgent: bool
    state: str
    colour: str
    worker: str


@dataclass(frozen=True, slots=True)
class ShownAccess:
    """One access in words. `person`: of several, whose it was."""

    event_id: int
    person: str
    at: datetime
    record: str
    reason: str
    explained: str
    found: list[str]
    is_explained: bool
    mediated: bool


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """What was found, on which days."""

    words: str
    days: list[date]
    children: int
    explained: bool


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question and its answer, in words."""

    words: str
    person: str
    asked_of: str
    asked_at: datetime
    due_on: date
    late: bool
    reminded_at: datetime | None
    answer: str
    rests_on: str
    answered_by: str
    answered_at: datetime | None
    alarming: bool


def shown(case: WorkedCase, people: Mapping[int, KnownPerson], places: Mapping[int, str], actor: Actor) -> ShownCase:
    """The case in words."""
    person = A_CHILD if case.person_id is None else people.get(case.person_id, NOBODY)
    strength, strength_colour = case_words.OVERRIDDEN if case.override else case_words.how_strong(case.score)
    return ShownCase(
        case=case,
        name=person.name,
        role=role_words(person.role),
        organisation=places.get(case.organisation_id or 0, ""),
        suspended=person.is_suspended,
        left=person.has_left,
        strength=strength,
        strength_colour=strength_colour,
        reasons=[case_words.OVERRIDDEN_WORDS] if case.override else case_words.strongest(case.worth, REASONS_SHOWN),
        state=case.state.label,
        colour=COLOURS[case.state],
        worker=_name(people, case.taken_by),
        own=case.taken_by == actor.user_id,
        title=f"Case of {person.name}" if case.person_id else person.name,
        result=reason_label(case.result),
        decided_by=_name(people, case.decided_by),
        agreed_by=_name(people, case.agreed_by),
        may_take=may_take(actor, case),
        may_decide=may_decide(actor, case),
        may_agree=may_agree(actor, case),
    )


def row_of_case(each: ShownCase) -> ShownRow:
    """A case as a line of the queue."""
    return ShownRow(
        url=reverse("case", args=[each.case.id]),
        name=each.name,
        who=f"{each.role}, {each.organisation}"
        if each.case.person_id
        else f"{each.case.named} people of this authority",
        reasons=each.reasons,
        since=each.case.opened_at,
        strength=each.strength,
        strength_colour=each.strength_colour,
        urgent=each.case.urgent,
        state=each.result or each.state,
        colour=each.colour,
        worker="you" if each.own else each.worker,
    )


def row_of_drawn(access: Explanation, name: str, role: str, places: Mapping[int, str]) -> ShownRow:
    """An access that was drawn as a line of the queue."""
    return ShownRow(
        url=reverse("judge_access", args=[access.event_id]),
        name=name,
        who=f"{role_words(role)}, {places.get(access.organisation_id, '')}",
        reasons=[AN_ACCESS],
        since=access.at,
        strength="",
        strength_colour="",
        urgent=False,
        state=CaseState.NEW.label,
        colour=COLOURS[CaseState.NEW],
        worker="",
    )


def interleaved(cases: Sequence[ShownRow], drawn: Sequence[ShownRow]) -> list[ShownRow]:
    """Both, those that were drawn spread evenly among the cases."""
    rows = list(cases)
    step = max(1, (len(cases) + len(drawn)) // (len(drawn) + 1))
    for number, each in enumerate(drawn, 1):
        rows.insert(min(len(rows), number * step), each)
    return rows


def findings_shown(contents: CaseContents) -> list[ShownFinding]:
    """What was found, in words; what reads alike is one."""
    by_words: dict[str, ShownFinding] = {}
    for each in contents.found:
        words = case_words.found_words(each.rule)
        before = by_words.get(words)
        by_words[words] = ShownFinding(
            words,
            sorted({*each.days, *(before.days if before else ())}, reverse=True),
            max(each.children, before.children if before else 0),
            each.explained and (before is None or before.explained),
        )
    return list(by_words.values())


def access_shown(access: SeenAccess, numbers: Mapping[int, str], people: Mapping[int, KnownPerson]) -> ShownAccess:
    """One access in words, its record by number."""
    (record,) = records([access.child_id], dict(numbers))
    return ShownAccess(
        event_id=access.event_id,
        person=_name(people, access.person_id),
        at=access.at,
        record=record,
        reason=reason_label(access.reason),
        explained=case_words.explanation_of(access.state, access.codes),
        found=list(dict.fromkeys(case_words.found_in_brief(rule) for rule in access.rules)),
        is_explained=access.is_explained,
        mediated=access.mediated,
    )


def question_shown(question: Question, people: Mapping[int, KnownPerson]) -> ShownQuestion:
    """A question and its answer in words."""
    return ShownQuestion(
        words=question.get_query_display(),
        person=_name(people, question.person_id),
        asked_of=AskedOf(question.asked_of).label,
        asked_at=question.asked_at,
        due_on=question.due_on,
        late=question.answered_at is None and question.due_on < timezone.localdate(),
        reminded_at=question.reminded_at,
        answer=reason_label(question.answer),
        rests_on=dict(Rests.choices).get(question.rests_on, ""),
        answered_by=_name(people, question.answered_by_id),
        answered_at=question.answered_at,
        alarming=question.answer in case_words.ALARMING,
    )


def role_words(role: str) -> str:
    """A role in words."""
    return str(dict(Role.choices).get(role, role))


def role_in(entry: Entry | None) -> str:
    """In which role it was done."""
    return entry.role if entry else ""


def _name(people: Mapping[int, KnownPerson], user_id: int | None) -> str:
    if user_id is None:
        return ""
    known = people.get(user_id)
    return known.name if known else f"user {user_id}"
