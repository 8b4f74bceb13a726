"""Each kind of misuse does what it is said to do, and nothing of it stands in a database."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from access.models import Organisation, OrganisationKind, Role
from audit.actors import Actor
from audit.events import EventKind
from registry.values import GuardianDetails, PostalAddress, Provenance, Summary, SummaryName
from registry.vocabulary import Gender, NameKind, Relation, Service, Source
from review.simulation.misuse import KINDS
from review.simulation.people import Person
from review.simulation.visits import Act
from review.simulation.world import Known, Work, World
from review.simulation.year import Company, Order, Year, assemble

LONDON = ZoneInfo("Europe/London")
FIRST, LAST = date(2025, 9, 1), date(2026, 8, 31)
ORDER = Order(users=200, first=FIRST, last=LAST, seed=3, share=0.0, each_kind=True)
CONFIRMED = Provenance(Source.CHILD_BENEFIT, FIRST)
FAMILIES = ("Abara", "Brook", "Chowdhury", "Dale", "Eze", "Frost", "Gill", "Hart", "Iqbal", "Jarvis")
PLACES = (
    (OrganisationKind.SCHOOL, Service.SCHOOL),
    (OrganisationKind.SCHOOL, Service.SCHOOL),
    (OrganisationKind.SCHOOL, Service.SCHOOL),
    (OrganisationKind.GP_PRACTICE, Service.GP),
    (OrganisationKind.AUTHORITY, Service.SOCIAL_CARE),
    (OrganisationKind.COMMUNITY_HEALTH, Service.HEALTH_VISITING),
    (OrganisationKind.POLICE, Service.POLICE),
)


def _village() -> World:
    """Five hundred families in fifty streets, two children in each, with all that a year can be made of."""
    council = Organisation(pk=1, kind=OrganisationKind.AUTHORITY, name="Council", directory_code="1")
    organisations = {1: council}
    for number, (kind, _) in enumerate(PLACES, 2):
        organisations[number] = Organisation(
            pk=number, kind=kind, name=f"Place {number}", responsible_authority=council
        )
    children = {each.id: each for number in range(500) for each in _family(number)}
    return World(children, organisations)


def _family(number: int) -> Iterator[Known]:
    family = f"{FAMILIES[number % 10]}{'abcdefghij'[number // 50]}"
    home = PostalAddress(
        (f"{1 + number // 50} Street {number % 50}",), "Sale", f"M33 {1 + number % 5}{'ABDEFGHJLN'[number % 50 // 5]}A"
    )
    parents = [_guardian(f"Mother{number}", family, Relation.MOTHER, at_home=True)]
    if number % 3:
        parents.append(_guardian(f"Father{number}", f"{family}s", Relation.FATHER, at_home=number % 3 == 1))
    for place in range(2):
        child_id = number * 2 + place + 1
        born = date(2010 + (number + 5 * place) % 14, 1 + number % 12, 1 + number % 28)
        name = SummaryName(NameKind.LEGAL, f"Child{child_id}", family)
        summary = Summary((name,), born, Gender.FEMALE, f"{child_id:011d}", "Sale", home.postcode, (), shielded=False)
        child = Known(child_id, 1, summary, home=home, guardians=list(parents))
        if number % 10 == 0:
            child.earlier.append(PostalAddress((f"{number} Old Road",), "Sale", "M33 9ZZ"))
        for organisation_id, (_, service) in enumerate(PLACES, 2):
            if (number + place) % (3 if service == Service.SCHOOL else 5) == organisation_id % 3:
                since = FIRST + timedelta(days=number % 700 - 400)
                child.works.append(Work(child_id, organisation_id, service, max(born, since), None))
        yield child


def _guardian(given: str, family: str, relation: Relation, *, at_home: bool) -> GuardianDetails:
    telephone = f"07700 9{sum(map(ord, given)) % 100000:05d}"
    return GuardianDetails(given, family, relation, True, at_home, telephone, CONFIRMED)


@dataclass(frozen=True)
class Lived:
    """A year of the village: who took part, and what each did."""

    world: World
    company: Company
    honest: dict[int, list[Act]]
    misuse: dict[str, list[Act]]

    def cast(self, code: str) -> list[Person]:
        (case,) = (each for each in self.company.cases if each.kind.code == code)
        return case.people

    def opened(self, code: str) -> list[int]:
        return [act.past.about.child_id for act in self.misuse[code] if act.past.kind == EventKind.CHILD_OPENED]

    def days(self, code: str) -> list[date]:
        return sorted({act.past.at.astimezone(LONDON).date() for act in self.misuse[code]})

    def household(self, number: int | None) -> set[int]:
        assert number is not None
        return set(self.world.households[number].children)


@pytest.fixture(scope="module")
def year() -> Lived:
    world = _village()
    company = assemble(ORDER, world)
    for person in company.people:
        person.user_id = 100 + person.index
    honest, misuse = defaultdict(list), defaultdict(list)
    for _, acts in Year(ORDER, world, company).days():
        for act in acts:
            if act.label:
                misuse[act.label].append(act)
            else:
                honest[act.user_id].append(act)
    return Lived(world, company, honest, misuse)


def _own_family(year: Lived) -> bool:
    (person,) = year.cast("own_family")
    theirs = year.household(person.household).union(*map(year.household, person.relatives))
    return set(year.opened("own_family")) <= theirs


def _former_partner(year: Lived) -> bool:
    (person,) = year.cast("former_partner")
    times = Counter(year.opened("former_partner"))
    return set(times) <= year.household(person.former) and max(times.values()) >= 4


def _neighbours(year: Lived) -> bool:
    (person,) = year.cast("neighbours")
    homes = {year.world.children[each].home for each in year.opened("neighbours")}
    return {home.postcode for home in homes if home} == {person.home.postcode}


def _colleagues_family(year: Lived) -> bool:
    (person,) = year.cast("colleagues_family")
    colleagues = [
        each for each in year.company.people if each.organisation == person.organisation and each is not person
    ]
    theirs = set().union(*(year.household(each.household) for each in colleagues if each.household is not None))
    return set(year.opened("colleagues_family")) <= theirs


def _namesakes(year: Lived) -> bool:
    (person,) = year.cast("namesakes")
    return {year.world.children[each].family for each in year.opened("namesakes")} == {person.family}


def _behind_a_reason(year: Lived) -> bool:
    (person,) = year.cast("behind_a_reason")
    reasons = {
        act.past.about.reason for act in year.misuse["behind_a_reason"] if act.past.kind == EventKind.CHILD_OPENED
    }
    schools = {year.world.children[each].school_on(LAST) for each in year.opened("behind_a_reason")}
    return reasons == {"s175"} and schools == {person.organisation.pk}


def _in_the_news(year: Lived) -> bool:
    users = {act.user_id for act in year.misuse["in_the_news"]}
    days = year.days("in_the_news")
    opened = Counter(year.opened("in_the_news"))
    return len(users) >= 4 and (days[-1] - days[0]).days <= 10 and max(opened.values()) >= len(users)


def _street(year: Lived) -> bool:
    codes = {year.world.children[each].home.postcode for each in year.opened("street")}  # type: ignore[union-attr]
    return len({code[:-2] for code in codes}) == 1 and len(set(year.opened("street"))) >= 8


def _school_class(year: Lived) -> bool:
    (person,) = year.cast("school_class")
    children = [year.world.children[each] for each in year.opened("school_class")]
    classes = {(child.school_on(LAST), child.year) for child in children}
    return len(classes) == 1 and person.organisation.pk not in {school for school, _ in classes}


def _selling(year: Lived) -> bool:
    return len(set(year.opened("selling"))) / len(year.days("selling")) >= 6


def _slow_snooper(year: Lived) -> bool:
    weeks = Counter((day - FIRST).days // 7 for day in year.days("slow_snooper"))
    return len(set(year.opened("slow_snooper"))) >= 20 and set(weeks.values()) == {1}


def _fishing(year: Lived) -> bool:
    kinds = Counter(act.past.kind for act in year.misuse["fishing"])
    return not year.opened("fishing") and kinds[EventKind.CHILD_LISTED] >= 15


def _out_of_hours(year: Lived) -> bool:
    return all(act.past.at.astimezone(LONDON).hour not in range(1, 20) for act in year.misuse["out_of_hours"])


def _shared_account(year: Lived) -> bool:
    (person,) = year.cast("shared_account")
    times: dict[int | None, list[Act]] = defaultdict(list)
    for act in sorted((*year.misuse["shared_account"], *year.honest[person.user_id]), key=lambda act: act.past.at):
        if isinstance(act.past.actor, Actor):
            times[act.past.actor.session_id].append(act)
    spans = sorted((acts[0].past.at, acts[-1].past.at) for acts in times.values())
    return sum(later[0] < earlier[1] for earlier, later in pairwise(spans)) >= 10


def _dormant_account(year: Lived) -> bool:
    (person,) = year.cast("dormant_account")
    awake = year.misuse["dormant_account"][0].past.at
    before = [act.past.at for act in year.honest[person.user_id] if act.past.at < awake - timedelta(hours=1)]
    return not before or awake - max(before) >= timedelta(days=90)


def _before_leaving(year: Lived) -> bool:
    (person,) = year.cast("before_leaving")
    assert person.leaves is not None
    days = year.days("before_leaving")
    return person.leaves - timedelta(days=14) <= days[0] <= days[-1] <= person.leaves


def _invented_calls(year: Lived) -> bool:
    (person,) = year.cast("invented_calls")
    people = {each.user_id: each for each in year.company.people}
    begun = [act.past for act in year.misuse["invented_calls"] if act.past.kind == EventKind.MEDIATION_BEGUN]
    away = [not people[each.about.user_id].hours.on(each.at.date()) for each in begun]  # type: ignore[index]
    return person.role == Role.MEDIATOR and len(begun) >= 4 and all(away)


def _administrators_favour(year: Lived) -> bool:
    vetted = [act.past for act in year.misuse["administrators_favour"] if act.past.kind == EventKind.USER_VETTED]
    read = {act.past.about.user_id for act in year.misuse["administrators_favour"]}
    return len({each.about.user_id for each in vetted}) == 1 and len(vetted) >= 5 and len(read) >= 10


def _auditors_look(year: Lived) -> bool:
    (person,) = year.cast("auditors_look")
    kinds = {act.past.kind for act in year.misuse["auditors_look"]}
    asked = {act.past.about.child_id for act in year.misuse["auditors_look"]}
    near = set(year.world.by_postcode[person.home.postcode])
    return kinds == {EventKind.LOG_READ} and asked <= near | year.household(person.household)


DOES: dict[str, Callable[[Lived], bool]] = {
    "own_family": _own_family,
    "former_partner": _former_partner,
    "neighbours": _neighbours,
    "colleagues_family": _colleagues_family,
    "namesakes": _namesakes,
    "behind_a_reason": _behind_a_reason,
    "in_the_news": _in_the_news,
    "street": _street,
    "school_class": _school_class,
    "selling": _selling,
    "slow_snooper": _slow_snooper,
    "fishing": _fishing,
    "out_of_hours": _out_of_hours,
    "shared_account": _shared_account,
    "dormant_account": _dormant_account,
    "before_leaving": _before_leaving,
    "invented_calls": _invented_calls,
    "administrators_favour": _administrators_favour,
    "auditors_look": _auditors_look,
}


@pytest.mark.parametrize("code", KINDS)
def test_kind_does_what_it_is_said_to(year: Lived, code: str) -> None:
    assert year.misuse[code]
    assert DOES[code](year)


@pytest.mark.parametrize("code", [code for code in KINDS if code != "dormant_account"])
def test_whoever_misuses_it_has_an_honest_working_life_beside(year: Lived, code: str) -> None:
    for person in year.cast(code):
        kinds = Counter(act.past.kind for act in year.honest[person.user_id])
        assert kinds[EventKind.SIGNED_IN] >= 4
        if person.role == Role.PRACTITIONER:
            assert kinds[EventKind.CHILD_OPENED] >= 4


def _openings(year: Lived) -> Iterator[Act]:
    """Those of honest people, and of others in their honest hours."""
    return (act for acts in year.honest.values() for act in acts if act.past.kind == EventKind.CHILD_OPENED)


def test_honest_people_also_go_through_many_in_one_sitting(year: Lived) -> None:
    """Number alone is no misuse."""
    sittings = Counter(act.past.actor.session_id for act in _openings(year) if isinstance(act.past.actor, Actor))
    assert sum(count >= 8 for count in sittings.values()) >= 50


def test_who_works_with_a_child_in_the_news_looks_more_often_as_well(year: Lived) -> None:
    ((child_id, _),) = Counter(year.opened("in_the_news")).most_common(1)
    first, *_, last = year.days("in_the_news")
    days = [act.past.at.date() for act in _openings(year) if act.past.about.child_id == child_id]
    then = sum(first - timedelta(days=3) <= day <= last + timedelta(days=3) for day in days)
    assert then / ((last - first).days + 7) > 4 * (len(days) - then) / ORDER.term.days


def test_nobody_is_taken_twice(year: Lived) -> None:
    taken = [person.index for case in year.company.cases for person in case.people]
    assert len(set(taken)) == len(taken)


def test_who_has_left_does_nothing_any_more_and_who_comes_nothing_yet(year: Lived) -> None:
    comings = [person for person in year.company.people if person.joins]
    goings = [person for person in year.company.people if person.leaves]
    assert min(len(comings), len(goings)) >= 8
    for person in comings:
        assert all(act.past.at.date() >= person.joins for act in year.honest[person.user_id])
    for person in goings:
        # A night shift ends on the morning after.
        assert all((act.past.at - timedelta(hours=10)).date() <= person.leaves for act in year.honest[person.user_id])


def test_a_day_is_told_in_the_order_of_time(year: Lived) -> None:
    times = [act.past.at for _, acts in Year(ORDER, year.world, year.company).days() for act in acts]
    assert times == sorted(times)
    assert times[0].date() >= FIRST
    assert times[-1].astimezone(LONDON).date() <= LAST
