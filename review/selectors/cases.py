"""Cases as auditors work through them. Inside `audit.reading.reading` alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from access.models import UserState
from access.people.selectors.people import opened_names
from audit.reasons import MISUSE
from review.examining.scoring import worth_of
from review.models import Case, CaseWork, Finding, Question
from review.rules.weights import weights
from review.selectors.overrides import Overridden, overrides_of

CLOSED_SHOWN = 100
MOST_SHOWN = 200
UNANSWERED = Question.objects.filter(case_id=OuterRef("pk"), answered_at=None)


class CaseState(StrEnum):
    """How far a case is."""

    NEW = "new"
    TAKEN = "taken"
    ASKED = "asked"
    LATE = "late"
    SECOND = "second"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {
            "new": "To do",
            "taken": "Being worked on",
            "asked": "Waiting for an answer",
            "late": "Answer is late",
            "second": "Waiting for a second auditor",
            "closed": "Closed",
        }[self.value]


class Shown(StrEnum):
    """Which cases somebody asks to see."""

    TO_DO = "to_do"
    MINE = "mine"
    ASKED = "asked"
    SECOND = "second"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        labels = {"to_do": "To do", "mine": "Mine", "asked": "Waiting for an answer"}
        return (labels | {"second": "Waiting for a second auditor", "closed": "Closed"})[self.value]


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """A case, and what auditors have made of it so far. `worth` is how many bits each rule is worth in it.

    It is about a person or about a child, and then there is no person, and it names several: `named` is how many.
    `is_late`: a question was not answered in time. `override`: the overridden shield that it looks into, and into
    nothing else.
    """

    id: int
    person_id: int | None
    child_id: int | None
    organisation_id: int | None
    authority_id: int | None
    opened_at: datetime
    last_at: datetime
    growth: int
    score: float
    urgent: bool
    taken_by: int | None
    taken_at: datetime | None
    result: str
    decided_by: int | None
    decided_at: datetime | None
    agreed_by: int | None
    closed_at: datetime | None
    is_asked: bool
    is_late: bool
    named: int
    worth: Mapping[str, float]
    override: Overridden | None = None

    @property
    def state(self) -> CaseState:
        """How far it is."""
        if self.taken_by is None:
            return CaseState.NEW
        if self.closed_at:
            return CaseState.CLOSED
        if self.result:
            return CaseState.SECOND
        if self.is_late:
            return CaseState.LATE
        return CaseState.ASKED if self.is_asked else CaseState.TAKEN


@dataclass(frozen=True, slots=True)
class Late:
    """How much waits for longer than it should: for somebody to take it, to decide it, to agree, and for answers."""

    to_do: int
    taken: int
    second: int
    unanswered: int

    @property
    def is_any(self) -> bool:
        """Whether anything is late."""
        return bool(self.to_do or self.taken or self.second or self.unanswered)


@dataclass(frozen=True, slots=True)
class Queue:
    """The cases that are shown, how many there are of them, and what is late."""

    cases: list[WorkedCase]
    total: int
    late: Late


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody whom a case names. `state` is how they stand in the service."""

    name: str
    role: str
    state: str

    @property
    def is_suspended(self) -> bool:
        """Whether they are kept out until somebody lets them in again."""
        return self.state == UserState.SUSPENDED

    @property
    def has_left(self) -> bool:
        """Whether their account is closed."""
        return self.state in {UserState.LEFT, UserState.REVOKED}


def queue(shown: Shown, *, reader_id: int) -> Queue:
    """Those cases, what is urgent first. Of what nobody has taken, as many as auditors work on at a time.

    So many of each authority, so that a large one does not push a small one out.
    """
    found = _of(shown, reader_id)
    most = CLOSED_SHOWN if shown == Shown.CLOSED else MOST_SHOWN
    front = _in_front(found) if shown == Shown.TO_DO else found
    return Queue(_worked(front[:most]), found.count(), _late())


def case_of(case_id: int) -> WorkedCase | None:
    """That case, if the reader may see it."""
    cases = _worked(Case.objects.filter(pk=case_id))
    return cases[0] if cases else None


def is_compared() -> bool:
    """Whether it is known whom the reader is near to. Nobody sees a case before that is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT review_is_compared()")
        return bool(cursor.fetchone()[0])


def to_do() -> int:
    """How many cases nobody has taken, counted to the budget and one more."""
    return _to_do()[: weights().score.budget + 1].count()


def to_agree_to(reader_id: int) -> int:
    """How many wait for a second auditor who may be the reader."""
    return _second().exclude(work__decided_by=reader_id).count()


def earlier_of(case: WorkedCase) -> list[CaseWork]:
    """What became of the cases before that were about the same person or child, the newest first."""
    earlier = CaseWork.objects.filter(closed_at__isnull=False).exclude(pk=case.id)
    if case.person_id is None:
        earlier = earlier.filter(case__child_id=case.child_id)
    else:
        earlier = earlier.filter(case__person_id=case.person_id)
    return list(earlier.order_by("-closed_at"))


def people_of(cases: Iterable[int]) -> dict[int, KnownPerson]:
    """Whom these cases name, those among the findings about a child too, and who worked on them, by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, row_version, name, role, state FROM review_names_of_cases(%s::bigint[])", [list(cases)]
        )
        rows = cursor.fetchall()
    names = opened_names(row[:3] for row in rows)
    return {user_id: KnownPerson(names[user_id], role, state) for user_id, _, _, role, state in rows}


def _of(shown: Shown, reader_id: int) -> QuerySet[Case]:
    match shown:
        case Shown.TO_DO:
            return _to_do()
        case Shown.MINE:
            return _ordered(Case.objects.filter(work__taken_by=reader_id, work__result=""))
        case Shown.ASKED:
            return _ordered(Case.objects.filter(Exists(UNANSWERED), work__result=""))
        case Shown.SECOND:
            return _second().order_by("work__decided_at", "pk")
        case Shown.CLOSED:
            return Case.objects.filter(work__closed_at__isnull=False).order_by("-work__closed_at", "pk")


def _to_do() -> QuerySet[Case]:
    return Case.objects.ranked(weights().score.threshold).filter(work=None)


def _in_front(cases: QuerySet[Case]) -> QuerySet[Case]:
    order = (F("urgent_at").asc(nulls_last=True), "-score", "id")  # as they are ranked
    place = Window(RowNumber(), partition_by="authority_id", order_by=order)
    return cases.annotate(place=place).filter(place__lte=weights().score.budget)


def _second() -> QuerySet[Case]:
    return Case.objects.filter(work__result__in=MISUSE, work__closed_at=None)


def _ordered(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.order_by("urgent_at", "-score", "pk")


def _late() -> Late:
    now = timezone.now()
    before = now - timedelta(days=weights().score.overdue)
    working = CaseWork.objects.filter(closed_at=None)
    return Late(
        to_do=_to_do().filter(opened_at__lt=before).count(),
        taken=working.filter(result="", taken_at__lt=before).count(),
        second=working.filter(~Q(result=""), decided_at__lt=before).count(),
        unanswered=Question.objects.filter(
            answered_at=None, due_on__lt=timezone.localdate(now), case__growing=True
        ).count(),
    )


def _worked(cases: QuerySet[Case]) -> list[WorkedCase]:
    found = list(cases.select_related("work"))
    numbers = [each.pk for each in found]
    asked: defaultdict[int, list[date]] = defaultdict(list)
    for case_id, due_on in Question.objects.filter(case__in=numbers, answered_at=None).values_list("case_id", "due_on"):
        asked[case_id].append(due_on)
    worth = _worth(numbers)
    of_children = [each.pk for each in found if each.person_id is None]
    named = dict(
        Finding.objects.filter(case__in=of_children).values_list("case").annotate(Count("person_id", distinct=True))
    )
    overrides = overrides_of([each.pk for each in found if each.override_id is not None])
    worked = (_case(each, worth.get(each.pk, {}), asked.get(each.pk, []), named.get(each.pk, 1)) for each in found)
    return [replace(each, override=overrides.get(each.id)) for each in worked]


def _case(case: Case, worth: Mapping[str, float], due: Sequence[date], named: int) -> WorkedCase:
    work: CaseWork | None = getattr(case, "work", None)
    return WorkedCase(
        id=case.pk,
        person_id=case.person_id,
        child_id=case.child_id,
        organisation_id=case.organisation_id,
        authority_id=case.authority_id,
        opened_at=case.opened_at,
        last_at=case.last_at,
        growth=case.growth,
        score=case.score,
        urgent=case.urgent_at is not None,
        taken_by=work.taken_by_id if work else None,
        taken_at=work.taken_at if work else None,
        result=work.result if work else "",
        decided_by=work.decided_by_id if work else None,
        decided_at=work.decided_at if work else None,
        agreed_by=work.agreed_by_id if work else None,
        closed_at=work.closed_at if work else None,
        is_asked=bool(due),
        is_late=any(each < timezone.localdate() for each in due),
        named=named,
        worth=worth,
    )


def _worth(cases: Sequence[int]) -> dict[int, dict[str, float]]:
    found: defaultdict[int, list[tuple[str, float]]] = defaultdict(list)
    for case_id, rule, counts in Finding.objects.filter(case__in=cases, counts__gt=0).values_list(
        "case_id", "rule", "counts"
    ):
        found[case_id].append((rule, counts))
    return {case_id: worth_of(each, weights().score) for case_id, each in found.items()}
