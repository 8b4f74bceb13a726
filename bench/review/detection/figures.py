"""From what was said, and what was so, to shares."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean

from bench.review.detection.detectors import Detector, Said
from bench.review.detection.happened import Happened
from review.examining.access import EXPLAINED_KINDS

SHARE = 0.0005  # of users who misuse the service, as the threshold reckons with
COUNTRY = 330_000  # users, as the original planned them
BUDGET = 50  # cases a day
WEEK = 7 * 86_400
SETTLED_IN = 60  # days, before there is a queue worth the name


@dataclass(frozen=True, slots=True)
class Explained:
    """Of `ordinary` accesses, how many were explained at once, and how many within the week."""

    ordinary: int
    at_once: int
    within_week: int


def explained(happened: Happened, states: Iterable[tuple[int, str]]) -> Explained:
    """Of accesses that are no misuse. Those whose week is not over when the year ends are left out."""
    by_event = dict(states)
    found = Counter(
        by_event.get(event.id, "")
        for event in happened.events
        if event.kind in EXPLAINED_KINDS and event.id not in happened.labels.events and event.at <= happened.last - WEEK
    )
    return Explained(sum(found.values()), found["at_once"], found["at_once"] + found["later"])


def found_by_kind(happened: Happened, detector: Detector) -> dict[str, list[int | None]]:
    """By kind of misuse, of each who committed it after how many deeds they were suspected; None where never."""
    found: defaultdict[str, list[int | None]] = defaultdict(list)
    for user, kind in sorted(happened.misusers.items()):
        found[kind].append(detector.found(user, happened.deeds[user]))
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Alerts:
    """How many there were, how many of them about nobody who had misused anything, and both for 10,000 views.

    `at_rare`: for 10,000 views where SHARE of users misuse it; `precision_at_rare`: the share of alerts about misuse
    there.
    """

    number: int
    false: int
    each_10_000: float
    false_each_10_000: float
    at_rare: float
    precision: float
    precision_at_rare: float


def alerts(happened: Happened, detector: Detector) -> Alerts:
    """As they were, and as they would be where fewer misuse it and everybody is otherwise the same."""
    number = len(detector.alerts)
    true = sum(happened.names_misuser(each.people, each.at) for each in detector.alerts)
    of_honest = sum(each.people <= happened.honest for each in detector.alerts) / len(happened.honest)
    of_misusers = true / max(1, len(happened.misusers))
    views_each = happened.views / len(happened.labels.people)
    rare_true, rare_false = SHARE * of_misusers, (1 - SHARE) * of_honest
    return Alerts(
        number=number,
        false=number - true,
        each_10_000=10_000 * number / happened.views,
        false_each_10_000=10_000 * (number - true) / happened.views,
        at_rare=10_000 * (rare_true + rare_false) / views_each,
        precision=true / number if number else 0.0,
        precision_at_rare=rare_true / (rare_true + rare_false) if number else 0.0,
    )


def precision(happened: Happened, detector: Detector, *, rare: bool) -> float:
    """Of the BUDGET highest cases in the queue, the share that is about somebody who had misused it; mean of all days.

    All of them where there are fewer; one that names several is about misuse if one of them had. With `rare`, as if
    SHARE of COUNTRY misused it: each of the simulated people stands for as many as that takes, and the highest of them
    fill the places.
    """
    misuser = SHARE * COUNTRY / max(1, len(happened.misusers)) if rare else 1.0
    other = (1 - SHARE) * COUNTRY / len(happened.honest) if rare else 1.0
    ends = list(happened.days())[SETTLED_IN:]
    return fmean(_precisions(happened, detector, ends, misuser, other) or [0.0])


def _precisions(
    happened: Happened, detector: Detector, ends: Sequence[float], misuser: float, other: float
) -> list[float]:
    found = []
    for moment, queue in detector.standing(ends):
        true = places = 0.0
        for alike in _ranked(queue):
            by = [
                (
                    happened.names_misuser(each.people, moment),
                    misuser if happened.misusers.keys() & each.people else other,
                )
                for each in alike
            ]
            weight = sum(each for _, each in by)
            # Of those who have the same score, each as likely as the other.
            part = min(1.0, (BUDGET - places) / weight)
            true += part * sum(each for is_true, each in by if is_true)
            places += part * weight
            if places >= BUDGET:
                break
        if places:
            found.append(true / places)
    return found


def _ranked(queue: Iterable[Said]) -> Iterator[list[Said]]:
    ordered = sorted(queue, key=lambda each: (-each.score, each.case))
    for _, alike in groupby(ordered, key=lambda each: each.score):
        yield list(alike)


def alarmed(detector: Detector) -> set[int]:
    """Whom an alert named."""
    return {user for each in detector.alerts for user in each.people}


def first_tenth(happened: Happened, scores: Mapping[str, float]) -> set[int]:
    """Of the honest, the tenth of whom most was found. Of nobody of whom nothing was."""
    ranked = sorted((score, int(user)) for user, score in scores.items() if int(user) in happened.honest)
    return {user for _, user in ranked[-(len(happened.honest) // 10) :]}


@dataclass(frozen=True, slots=True)
class Group:
    """Honest people whose names come from there, and how many of them were suspected."""

    origin: str
    people: int
    suspected: int

    @property
    def share(self) -> float:
        return self.suspected / self.people


def groups(happened: Happened, suspected: Collection[int]) -> list[Group]:
    """By origin of their name, where it was drawn by one. Those of everybody together stand first, without a name."""
    people: defaultdict[str, list[bool]] = defaultdict(list)
    for user in happened.honest:
        if origin := happened.labels.people[user].origin:
            people[origin].append(user in suspected)
            people[""].append(user in suspected)
    return [Group(origin, len(each), sum(each)) for origin, each in sorted(people.items())]
