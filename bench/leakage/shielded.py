"""Shielded children: whether their rows tell whose brothers and sisters they are, and how well they are found.

Every child of the synthetic England is taken for shielded, filed as shielded children were until 29 November 2026 (all
families of what is visible) and as they are now (none without the given name, registry/search/families.py). Recall is
that of the tokens: whether a search by visible fields comes upon the child's row at all, in any of its stages.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from random import Random

from bench import mistakes
from bench.leakage.knowledge import Labels
from bench.leakage.patterns import linked
from bench.leakage.scoring import Row, Truth
from bench.leakage.stores import Levers, tokens
from bench.leakage.target import TODAY, Coding, Person
from bench.mistakes import Asked
from bench.search.kinds import KINDS, Kind
from registry.policies.disclosure import summary_shown
from registry.rules.retention import age
from registry.search.corroborating import Corroborating
from registry.search.criteria import Criteria
from registry.search.families import NEWEST, SCHEMES

SEARCHES = 1000
BY_ONE_NAME = (
    Kind("family name and date", mistakes.exact, gives=("family", "date_of_birth")),
    Kind("family name and date, a day out", mistakes.day_one_out, gives=("family", "date_of_birth")),
    Kind("given name and date", mistakes.exact, gives=("given", "date_of_birth")),
    Kind("given name and date, a day out", mistakes.day_one_out, gives=("given", "date_of_birth")),
)
WAYS = ("before", "now")
NOW = 1


def siblings(people: Sequence[Person]) -> list[Row]:
    """How many children share a token with a brother or sister, and how many an attack on the rows links with one."""
    rows = []
    for name, filed in _ways(people).items():
        labels = Labels()
        tokens_of = [SCHEMES[NEWEST].child_tokens(each.summary, labels) for each in filed]
        alike = [(place, others) for place, others in _homes(filed) if others]
        twins = [
            (place, same)
            for place, others in alike
            if (same := [one for one in others if _born(filed[one]) == _born(filed[place])])
        ]
        store = tokens(filed, Levers(), Levers().tokeniser(len(filed)))
        rows.append(
            {
                "filed": name,
                "tokens a child": sum(map(len, tokens_of)) / len(tokens_of),
                "share one with a sibling %": _sharing(alike, tokens_of),
                "of twins %": _sharing(twins, tokens_of),
                **Truth(Coding().of(filed)).households(linked(store)),
            }
        )
    return rows


def recall(people: Sequence[Person], random: Random) -> list[Row]:
    """The share of searches of each kind, by visible fields alone, that come upon the child's row."""
    before, now = _ways(people).values()
    rows = []
    for kind in (*(kind for kind in KINDS if not kind.needs_address and kind.of == "any"), *BY_ONE_NAME):
        asked = list(_asked(kind, now, random))
        found = [0, 0]
        for place, question in asked:
            labels = Labels()
            asking = Corroborating(question, labels)
            stages = [asking.wanted(make_tokens) for make_tokens in SCHEMES[NEWEST].stages]
            for way, filed in enumerate((before, now)):
                tokens_of = SCHEMES[NEWEST].child_tokens(filed[place].summary, labels)
                found[way] += any(wanted.leads_to(tokens_of, shielded=way == NOW) for wanted in stages)
        rows.append(
            {
                "kind": kind.name,
                "searches": len(asked),
                **{f"found {way} %": 100 * count / max(1, len(asked)) for way, count in zip(WAYS, found, strict=True)},
            }
        )
    return rows


def _ways(people: Iterable[Person]) -> dict[str, list[Person]]:
    shielded = [replace(each, summary=summary_shown(replace(each.summary, shielded=True))) for each in people]
    # What was visible, filed as of any child who has no address: so it was.
    before = [replace(each, summary=replace(each.summary, shielded=False)) for each in shielded]
    return dict(zip(WAYS, (before, shielded), strict=True))


def _homes(people: Sequence[Person]) -> Iterator[tuple[int, list[int]]]:
    """Each child's place, with those of brothers and sisters."""
    homes: dict[int, list[int]] = defaultdict(list)
    for place, each in enumerate(people):
        homes[each.household].append(place)
    for home in homes.values():
        yield from ((place, [one for one in home if one != place]) for place in home)


def _born(person: Person) -> object:
    return person.summary.date_of_birth


def _sharing(alike: Sequence[tuple[int, list[int]]], tokens_of: Sequence[set[int]]) -> float:
    sharing = sum(any(tokens_of[place] & tokens_of[one] for one in others) for place, others in alike)
    return 100 * sharing / max(1, len(alike))


def _asked(kind: Kind, people: Sequence[Person], random: Random) -> Iterator[tuple[int, Criteria]]:
    """Up to SEARCHES questions of that kind, each about another child."""
    wanted = SEARCHES
    for place in random.sample(range(len(people)), len(people)):
        asked = kind.ask(_true(people[place]), random)
        if asked is None or (asked.date_of_birth and asked.date_of_birth > TODAY):
            continue
        question = Criteria(
            today=TODAY, given=asked.given, family=asked.family, date_of_birth=asked.date_of_birth, age=asked.age
        )
        if question.is_enough():
            yield place, question
            wanted -= 1
        if not wanted:
            return


def _true(person: Person) -> Asked:
    name, born = person.summary.names[0], person.summary.date_of_birth
    given = (name.given.split() or [""])[0]
    return Asked(given=given, family=name.family, date_of_birth=born, age=max(0, age(born, TODAY)))
