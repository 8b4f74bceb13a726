"""The rival that knows only how much: records opened in a day against peers, by Iglewicz and Hoaglin's robust z."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median

from audit.events import EventKind
from bench.review.detection.happened import Happened, day_of

WINDOW = timedelta(days=28)
FEWEST = 100  # days of peers
AS_DEVIATION = 1.4826  # of a normal distribution, the median of deviations times this is the standard deviation
LIMIT = 3.5  # by Iglewicz and Hoaglin

Group = tuple[str, str]


def surprises(happened: Happened) -> Iterator[tuple[float, int, float]]:
    """Whoever opened far more in a day than their peers in the four weeks before: when the day ended, who, and z."""
    past: defaultdict[Group, deque[tuple[date, int]]] = defaultdict(deque)
    for day, last, counts in _days(happened):
        usual: dict[Group, tuple[float, float] | None] = {}
        for (user, group), number in counts.items():
            if group not in usual:
                usual[group] = _usual(past[group], day)
            if found := usual[group]:
                z = (number - found[0]) / found[1]
                if z >= LIMIT:
                    yield last, user, z
        for (_, group), number in counts.items():
            past[group].append((day, number))


def _days(happened: Happened) -> Iterator[tuple[date, float, Counter[tuple[int, Group]]]]:
    counts: Counter[tuple[int, Group]] = Counter()
    last = happened.events[0].at
    for event in happened.events:
        if day_of(event.at) != day_of(last):
            yield day_of(last), last, counts
            counts = Counter()
        last = event.at
        if event.kind == EventKind.CHILD_OPENED:
            counts[event.actor_id, (event.role, event.place)] += 1
    yield day_of(last), last, counts


def _usual(past: deque[tuple[date, int]], today: date) -> tuple[float, float] | None:
    """Median and robust deviation of peers' days; None of too few. Below one record nothing deviates."""
    while past and past[0][0] < today - WINDOW:
        past.popleft()
    if len(past) < FEWEST:
        return None
    numbers = [number for _, number in past]
    middle = median(numbers)
    return middle, AS_DEVIATION * max(1.0, median(abs(each - middle) for each in numbers))
