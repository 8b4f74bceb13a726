"""What a detector said of whom, and when: ours, and the two rivals beside it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bench.review.detection.happened import Happened, day_of
from bench.review.detection.volume import LIMIT, surprises


class Said(NamedTuple):
    """From then on a case has that score, and names these people.

    `raised`: of whom it went up, or is new. `alert`: a reviewer is called.
    """

    at: float
    case: int
    people: frozenset[int]
    score: float
    raised: frozenset[int]
    alert: bool


@dataclass(frozen=True)
class Detector:
    """All that it said, in the order of time. From `threshold` on somebody is in its queue."""

    name: str
    threshold: float
    said: Sequence[Said]

    def found(self, user_id: int, deeds: Sequence[float]) -> int | None:
        """After how many deeds it suspected them for more than it did before the first; None where it never did."""
        for each in self._of.get(user_id, ()):
            if each.at >= deeds[0] and user_id in each.raised and each.score >= self.threshold:
                return max(1, sum(1 for at in deeds if at <= each.at))
        return None

    @cached_property
    def alerts(self) -> list[Said]:
        """Each time that a reviewer is called."""
        return [each for each in self.said if each.alert]

    @cached_property
    def _of(self) -> dict[int, list[Said]]:
        of: defaultdict[int, list[Said]] = defaultdict(list)
        for each in self.said:
            for user_id in each.people:
                of[user_id].append(each)
        return of

    def standing(self, moments: Iterable[float]) -> Iterator[tuple[float, list[Said]]]:
        """What is in its queue at each of these moments."""
        cases: dict[int, Said] = {}
        place = 0
        for moment in moments:
            while place < len(self.said) and self.said[place].at <= moment:
                cases[self.said[place].case] = self.said[place]
                place += 1
            yield moment, [each for each in cases.values() if each.score >= self.threshold]


def ours(cases: Iterable[tuple[float, int, float, list[int]]], threshold: float, happened: Happened) -> Detector:
    """Cases as the examiner kept them. An alert is a case that comes above the threshold, however many it names."""
    said: list[Said] = []
    before: dict[int, Said] = {}
    for at, case, score, people in cases:
        named = frozenset(people).intersection(happened.labels.people)
        last = before.get(case, Said(at, case, frozenset(), 0.0, frozenset(), alert=False))
        if named or last.people:
            # Who is named in a case that was in the queue already is named from then on.
            raised = named if score > last.score else named - last.people
            before[case] = Said(at, case, named or last.people, score, raised, alert=last.score < threshold <= score)
            said.append(before[case])
    return Detector("ours", threshold, said)


def rules_only(flags: Iterable[tuple[float, int]], happened: Happened) -> Detector:
    """Each flag of each rule counts, whatever explains the access. One alert a day about one person."""
    said: list[Said] = []
    scores: defaultdict[int, float] = defaultdict(float)
    alerted: set[tuple[int, object]] = set()
    for at, user in flags:
        if user in happened.labels.people:
            scores[user] += 1
            today = (user, day_of(at))
            only = frozenset((user,))
            said.append(Said(at, user, only, scores[user], only, alert=today not in alerted))
            alerted.add(today)
    return Detector("rules only", 1.0, said)


def volume_only(happened: Happened) -> Detector:
    """Days on which somebody opened far more than their peers. One alert a day, ranked by the worst of their days."""
    said: list[Said] = []
    worst: defaultdict[int, float] = defaultdict(float)
    for at, user, z in surprises(happened):
        worst[user] = max(worst[user], z)
        only = frozenset((user,))
        said.append(Said(at, user, only, worst[user], only, alert=True))
    return Detector("volume only", LIMIT, said)
