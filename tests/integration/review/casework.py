"""Cases as the examiner makes them, and an auditor's work on them through the pages."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from access.models import User
from access.people.traits import PersonTraits
from audit.actors import Actor
from audit.events import EventKind
from audit.models import Event
from audit.recorder import About, record
from registry.traits.filing import put_users
from review.examining.nearness import Comparing
from review.models import Case, CaseWork, Explanation, Finding, Judgement, Question, Sampled, State
from tests.conftest import as_owner_here, as_worker
from tests.integration.review.reading import opened, text_of

CASES = reverse("cases")


def case_about(
    person: User,
    *,
    score: float = 14.0,
    rules: Sequence[str] = ("same_home", "repeated"),
    children: Sequence[int] = (4711,),
    opened_days_ago: int = 0,
    urgent: bool = False,
    codes: Sequence[str] = (),
) -> Case:
    """A case with an access of each of these children, with which each of the rules found something."""
    events = {opened(person, child): child for child in children}
    with as_owner_here():
        return case_of(
            person, events, score=score, rules=rules, opened_days_ago=opened_days_ago, urgent=urgent, codes=codes
        )


def case_of(
    person: User,
    events: Mapping[int, int],
    *,
    score: float = 14.0,
    rules: Sequence[str] = ("same_home", "repeated"),
    opened_days_ago: int = 0,
    urgent: bool = False,
    codes: Sequence[str] = (),
) -> Case:
    """A case with these accesses, by event and child. Call it as the owner."""
    now = timezone.now()
    authority = person.organisation.authority_id
    case: Case = Case.objects.create(
        person_id=person.pk,
        organisation_id=person.organisation_id,
        authority_id=authority,
        opened_at=now - timedelta(days=opened_days_ago),
        last_at=now,
        score=score,
        urgent_at=now if urgent else None,
    )
    for event_id, child in events.items():
        explained(person, event_id, child, codes=codes)
        for number, rule in enumerate(rules):
            Finding.objects.create(
                case=case,
                person_id=person.pk,
                rule=rule,
                day=timezone.localdate(now),
                child_id=child,
                event_id=event_id,
                at=now,
                organisation_id=person.organisation_id,
                authority_id=authority,
                bits=6.0 - number,
                counts=6.0 - number,
                codes=list(codes),
            )
    compare()
    return case


def compare() -> None:
    """Have auditors compared with those whom cases are about, as the examiner does. Call it as the owner.

    All have traits by then, and nobody those of another: people are named alike here.
    """
    with as_worker():
        put_users((user.pk, user.row_version, 0, PersonTraits(None, None)) for user in User._base_manager.all())
    with override_settings(KEYRING_HOLDER="examiner"):
        comparing = Comparing()
        with transaction.atomic():
            comparing.compare_new(list(Sampled.objects.values_list("pk", flat=True)))
        comparing.compare_anew()


def case_about_child(people: Sequence[User], child: int = 4711, *, score: float = 14.0) -> Case:
    """A case about a child whom all of these opened. They work for one authority."""
    events = {opened(each, child): each for each in people}
    with as_owner_here():
        return childs_case(events, child, score=score)


def childs_case(events: Mapping[int, User], child: int, *, score: float = 14.0, urgent: bool = False) -> Case:
    """A case about a child with these openings, by event and who made it. Call it as the owner."""
    now = timezone.now()
    authority = next(iter(events.values())).organisation.authority_id
    case: Case = Case.objects.create(
        child_id=child,
        authority_id=authority,
        opened_at=now,
        last_at=now,
        score=score,
        urgent_at=now if urgent else None,
    )
    for event_id, person in events.items():
        explained(person, event_id, child)
        Finding.objects.create(
            case=case,
            person_id=person.pk,
            rule="in_the_news",
            day=timezone.localdate(now),
            child_id=child,
            event_id=event_id,
            at=now,
            organisation_id=person.organisation_id,
            authority_id=authority,
            bits=5.0,
            counts=5.0,
            codes=[],
        )
    compare()
    return case


def bare_case(person: User) -> Case:
    """A case of whoever opens no records."""
    now = timezone.now()
    with as_owner_here():
        made: Case = Case.objects.create(
            person_id=person.pk,
            organisation_id=person.organisation_id,
            authority_id=person.organisation.authority_id,
            opened_at=now,
            last_at=now,
            score=15.0,
        )
        compare()
    return made


def explained(person: User, event_id: int, child: int, *, codes: Sequence[str] = ()) -> Explanation:
    """How the access of that event stands. Call it as the owner."""
    event = Event.objects.get(pk=event_id)
    at_once = bool(codes)
    made: Explanation = Explanation.objects.create(
        event_id=event_id,
        at=event.at,
        day=timezone.localdate(event.at),
        kind=event.kind,
        child_id=child,
        person_id=person.pk,
        actor_id=person.pk,
        organisation_id=person.organisation_id,
        authority_id=person.organisation.authority_id,
        reason=event.reason,
        state=State.AT_ONCE if at_once else State.HELD,
        codes=list(codes),
        held_until=None if at_once else event.at + timedelta(days=7),
        explained_at=event.at if at_once else None,
    )
    return made


def drawn_access(person: User, child: int = 4711, *, codes: Sequence[str] = ("pupil",)) -> int:
    """An access that was drawn to be judged. Returns its event."""
    event_id = opened(person, child)
    with as_owner_here():
        explained(person, event_id, child, codes=codes)
        Sampled.objects.create(event_id=event_id, authority_id=person.organisation.authority_id, at=timezone.now())
        compare()
    return event_id


def work_on(case: Case) -> CaseWork | None:
    with as_owner_here():
        return CaseWork.objects.filter(case=case).first()


def is_growing(case: Case) -> bool:
    with as_owner_here():
        return bool(Case.objects.values_list("growing", flat=True).get(pk=case.pk))


def questions() -> list[Question]:
    with as_owner_here():
        return list(Question.objects.order_by("pk"))


def judgements() -> list[Judgement]:
    with as_owner_here():
        return list(Judgement.objects.order_by("pk"))


def page_of(visitor: Client, case: Case) -> HttpResponse:
    return visitor.get(reverse("case", args=[case.pk]))


def hidden(page: HttpResponse, name: str) -> str:
    """What a hidden box of the page holds."""
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', page.content.decode())
    return found[1] if found else ""


def take(visitor: Client, case: Case, **answers: str) -> str:
    """Press the button of the case's page. Returns what the page says then."""
    seen = {"seen": hidden(page_of(visitor, case), "seen"), **answers}
    return text_of(visitor.post(reverse("take_case", args=[case.pk]), seen, follow=True))


def decide(visitor: Client, case: Case, result: str, **answers: str) -> str:
    """Choose what came of it on the case's page. Returns what the page says then."""
    found = {"found": hidden(page_of(visitor, case), "found"), "result": result, **answers}
    return text_of(visitor.post(reverse("decide_case", args=[case.pk]), found, follow=True))


def agree(visitor: Client, case: Case, agrees: str = "yes", **answers: str) -> str:
    """Say on its page whether one agrees. Returns what the page says then."""
    address = to_agree(visitor, case)
    answered = {"seen": hidden(visitor.get(address), "seen"), "agrees": agrees, **answers}
    return text_of(visitor.post(address, answered, follow=True))


def to_agree(visitor: Client, case: Case) -> str:
    """Where the button of the case's page leads; where there is none, as it would."""
    address = reverse("agree_to_case", args=[case.pk])
    found = re.search(rf'href="({address}[^"]*)"', page_of(visitor, case).content.decode())
    return found[1] if found else f"{address}?found=0"


def ask(visitor: Client, case: Case, asked_of: str = "person", query: str = "occasion") -> str:
    """Ask on the case's page. Returns what the page says then."""
    address = reverse("ask_about_case", args=[case.pk], query={"of": asked_of})
    return text_of(visitor.post(address, {"query": query}, follow=True))


def beside(
    actor: Actor,
    kinds: Sequence[EventKind],
    case: Case,
    statement: str,
    *arguments: object,
    reason: str = "",
    about: User | None = None,
) -> int:
    """Run the statement in the transaction of events that say so, as the web role could."""
    user_id = about.pk if about else case.person_id
    with as_owner_here():
        fields = [f"case.{case.pk}", f"found.{Case.objects.values_list('growth', flat=True).get(pk=case.pk)}"]
    with transaction.atomic():
        for kind in kinds:
            record(kind, About(fields=fields, user_id=user_id, reason=reason), actor=actor)
        with connection.cursor() as cursor:
            cursor.execute(statement, arguments)
            return int(cursor.rowcount)
