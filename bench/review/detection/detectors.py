"""What a detector said of whom, and when: ours, and the two rivals beside it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bench.review.detection.happened import Happened, day_of
from bench.review.detection.volume import LIMIT, surprises


class Said(NamedTuple):
    """From then on somebody's score is that. `raised`: it went up. `alert`: a reviewer is called."""

    at: float
    user_id: int
    score: float
    raised: bool
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
            if each.at >= deeds[0] and each.raised and each.score >= self.threshold:
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
            of[each.user_id].append(each)
        return of

    def standing(self, moments: Iterable[float]) -> Iterator[tuple[float, dict[int, float]]]:
        """Who is in its queue at each of these moments, with their score."""
        scores: dict[int, float] = {}
        place = 0
        for moment in moments:
            while place < len(self.said) and self.said[place].at <= moment:
                scores[self.said[place].user_id] = self.said[place].score
                place += 1
            yield moment, {user: score for user, score in scores.items() if score >= self.threshold}


def ours(cases: Iterable[tuple[float, int, float]], threshold: float, happened: Happened) -> Detector:
    """Cases as the examiner kept them. An alert is a case that comes above the threshold."""
    said: list[Said] = []
    scores: dict[int, float] = {}
    for at, user, score in cases:
        if user in happened.labels.people:
            before = scores.get(user, 0.0)
            said.append(Said(at, user, score, score > before, before < threshold <= score))
            scores[user] = score
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
            said.append(Said(at, user, scores[user], raised=True, alert=today not in alerted))
            alerted.add(today)
    return Detector("rules only", 1.0, said)


def volume_only(happened: Happened) -> Detector:
    """Days on which somebody opened far more than their peers. One alert a day, ranked by the worst of their days."""
    said: list[Said] = []
    worst: defaultdict[int, float] = defaultdict(float)
    for at, user, z in surprises(happened):
        worst[user] = max(worst[user], z)
        said.append(Said(at, user, worst[user], raised=True, alert=True))
    return Detector("volume only", LIMIT, said)
