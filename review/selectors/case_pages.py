"""What a case stands on, and which accesses were drawn to be judged. Inside `audit.reading.reading` alone."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import F, Q
from django.db.models.lookups import IsNull

from review.models import Explanation, Finding, Judgement, PersonResult, Question, Sampled
from review.selectors.entries import WITHIN, Entry, columns, entry_of
from review.selectors.overrides import overrides_of

ACCESSES_SHOWN = 100
ASKED_ABOUT = 20


@dataclass(frozen=True, slots=True)
class FoundByRule:
    """What one rule found in a case: on which days, and with how many children. `explained`: nothing of it counts."""

    rule: str
    days: list[date]
    children: int
    explained: bool


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom a case names, and where they worked when something was found. `result`: what came of it."""

    person_id: int
    organisation_id: int | None
    days: list[date]
    result: str


@dataclass(frozen=True, slots=True)
class SeenAccess:
    """One access of a record: how it stands, what is said for it, and which rules found something with it."""

    event_id: int
    person_id: int
    at: datetime
    day: date
    child_id: int
    reason: str
    state: str
    codes: list[str]
    is_explained: bool
    mediated: bool
    rules: list[str]


@dataclass(frozen=True, slots=True)
class CaseContents:
    """What a case stands on. `accesses` are the newest, `more` how many others there are."""

    found: list[FoundByRule]
    people: list[Named]
    accesses: list[SeenAccess]
    more: int
    questions: list[Question]


def contents_of(case_id: int) -> CaseContents:
    """What was found in that case, the accesses behind it, and what was asked about them."""
    findings = list(Finding.objects.filter(case=case_id).order_by("-day", "id"))
    accesses, more = _accesses(findings)
    questions = list(Question.objects.filter(case=case_id).order_by("-asked_at"))
    return CaseContents(_by_rule(findings), _named(case_id, findings), accesses, more, questions)


def people_named(case_id: int) -> list[Named]:
    """Those whom a case names, by what was found of them."""
    return _named(case_id, list(Finding.objects.filter(case=case_id).order_by("-day", "id")))


def events_asked_about(case_id: int, person_id: int) -> list[int]:
    """That person's accesses behind a case, by their events: as many as one can be asked about at once.

    First those that nothing explains, and the newest. Of an overridden shield that one.
    """
    if overridden := overrides_of([case_id]).get(case_id):
        return [overridden.event_id]
    accesses, _ = _accesses(list(Finding.objects.filter(case=case_id, person_id=person_id)))
    return [each.event_id for each in accesses[:ASKED_ABOUT]]


def entries_of(authorities: list[int], events: Sequence[int]) -> list[Entry]:
    """Those events, as far as people of those authorities did them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns('e')} FROM audit_event AS e WHERE e.id = ANY (%(events)s::bigint[]) AND {WITHIN}",  # noqa: S608 - all our own
            {"events": list(events), "authorities": authorities},
        )
        return [entry_of(row) for row in cursor.fetchall()]


def drawn(most: int) -> list[Explanation]:
    """Accesses that were drawn and nobody has judged, those that wait longest first."""
    waiting = Sampled.objects.exclude(pk__in=Judgement.objects.values("pk")).order_by("at", "pk")
    events = list(waiting.values_list("pk", flat=True)[:most])
    return list(Explanation.objects.filter(pk__in=events).order_by("at", "pk"))


def drawn_one(event_id: int) -> Explanation | None:
    """That access, if it was drawn and the reader may judge it."""
    if not Sampled.objects.filter(pk=event_id).exists():
        return None
    return Explanation.objects.filter(pk=event_id).first()


def judgement_of(event_id: int) -> Judgement | None:
    """What was said of that access, if anything was."""
    return Judgement.objects.filter(pk=event_id).first()


def _named(case_id: int, findings: Sequence[Finding]) -> list[Named]:
    """Whoever came first stands first."""
    results = dict(PersonResult.objects.filter(case=case_id).values_list("person_id", "result"))
    theirs: defaultdict[int, list[Finding]] = defaultdict(list)
    for each in sorted(findings, key=lambda finding: (finding.at, finding.pk)):
        theirs[each.person_id].append(each)
    return [
        Named(person_id, found[-1].organisation_id, sorted({each.day for each in found}), results.get(person_id, ""))
        for person_id, found in theirs.items()
    ]


def _by_rule(findings: Sequence[Finding]) -> list[FoundByRule]:
    by_rule: defaultdict[str, list[Finding]] = defaultdict(list)
    for each in findings:
        by_rule[each.rule].append(each)
    strongest = sorted(by_rule.items(), key=lambda item: -max(each.counts for each in item[1]))
    return [
        FoundByRule(
            rule=rule,
            days=sorted({each.day for each in found}, reverse=True),
            children=len({each.child_id for each in found if each.child_id is not None}),
            explained=all(each.counts == 0 for each in found),
        )
        for rule, found in strongest
    ]


def _accesses(findings: Sequence[Finding]) -> tuple[list[SeenAccess], int]:
    """Of a finding about a child those of that day with that child; of one about a whole day all of that day.

    What nothing explains comes first, and in each the newest: of what is explained there may be a whole practice.
    """
    rules: defaultdict[tuple[int, date, int | None], list[str]] = defaultdict(list)
    for each in findings:
        rules[each.person_id, each.day, each.child_id].append(each.rule)
    if not rules:
        return [], 0
    children: defaultdict[tuple[int, date], set[int | None]] = defaultdict(set)
    for person_id, day, child_id in rules:
        children[person_id, day].add(child_id)
    of_days = (_of_day(*each, theirs) for each, theirs in children.items())
    found = Explanation.objects.filter(reduce(or_, of_days)).order_by(
        IsNull(F("explained_at"), rhs=True).desc(), "-at", "-pk"
    )
    shown = [
        SeenAccess(
            event_id=each.event_id,
            person_id=each.person_id,
            at=each.at,
            day=each.day,
            child_id=each.child_id,
            reason=each.reason,
            state=each.state,
            codes=each.codes,
            is_explained=each.explained_at is not None,
            mediated=each.actor_id != each.person_id,
            rules=list(dict.fromkeys(_rules_of(each, rules))),
        )
        for each in found[:ACCESSES_SHOWN]
    ]
    return shown, max(0, found.count() - len(shown)) if len(shown) == ACCESSES_SHOWN else 0


def _of_day(person_id: int, day: date, children: Collection[int | None]) -> Q:
    # In either way it is theirs: a mediator's own relations are found with accesses in a colleague's name.
    of_day = Q(day=day) & (Q(person_id=person_id) | Q(actor_id=person_id))
    # All that were opened in a day in one list: whoever trawls has thousands of findings, and a year few days.
    return of_day if None in children else of_day & Q(child_id__in=[child for child in children if child is not None])


def _rules_of(access: Explanation, rules: Mapping[tuple[int, date, int | None], list[str]]) -> Iterator[str]:
    for user_id in (access.person_id, access.actor_id):
        for child_id in (access.child_id, None):
            yield from rules.get((user_id, access.day, child_id), ())
