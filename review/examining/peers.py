"""What is usual, asked anew once for each day that is examined: among peers, and with children."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from review.examining.access import LONDON
from review.examining.days import BINS, HOURS, Peers
from review.examining.rates import Counted, Usual
from review.examining.rows import rows
from review.explanations import FULL, OF_STRANGERS
from review.explanations.area import Area
from review.explanations.later import HELD
from review.rules.weights import weights

MONTHS = 90  # days of somebody's own past
WEEKS = 28  # days of their peers'
LIKE = 300.0  # accesses: how many of peers outweigh what is usual everywhere
LIKE_DAYS = 50.0
LIKE_CHILDREN, STRANGE = 1000.0, 0.02  # children whom a stranger opens, and how many other strangers each has
NOT_THE_ODDEST = 0.97
WINDOWS = 4  # of so many days as strangers are counted in
# As days.bin_of; the billionth is for powers of two, whose logarithm may come out as a little less.
BIN = "least(31, floor(2 * ln(1 + {}) / ln(2.0::float) + 1e-9))::int"
PEERS = f"""
    SELECT role, kind, extract(isodow FROM day) >= 6, {BIN.format("opened")}, {BIN.format("read")}, min(day),
        count(*)::int, sum(read)::int,
        sum(read * (read - 1))::int, sum(searched)::int, sum(followed)::int, sum(refused)::int,
        {", ".join(f"sum(hours >> {hour} & 1)::int" for hour in range(HOURS))}
    FROM review_tally WHERE day >= %s AND day < %s GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - all our own
# Of the children whom a stranger opens in so many days, how many other strangers do.
STRANGERS = """
    SELECT sum(others)::float, count(*)::float, sum(others * (others - 1))::float, count(*)::float FROM (
        SELECT count(DISTINCT person_id) - 1 AS others FROM review_explanation
        WHERE codes <@ %s::varchar[] AND at >= %s AND at < %s GROUP BY child_id, (%s::date - day) / %s
    ) AS each
"""
# What was looked up on a duty for the area alone, more than a week ago, and neither seen nor recorded there since.
LED_NOWHERE = """
    state = 'at_once' AND access.codes && %(area)s::varchar[] AND NOT access.codes && %(others)s::varchar[]
    AND access.at >= %(since)s AND access.at < %(until)s
    AND NOT EXISTS (
        SELECT FROM review_recorded AS recorded WHERE recorded.child_id = access.child_id
            AND recorded.organisation_id = access.organisation_id AND recorded.at > access.at AND recorded.at < %(now)s
    )
    AND NOT EXISTS (
        SELECT FROM review_explanation AS again WHERE again.child_id = access.child_id
            AND again.organisation_id = access.organisation_id AND again.day > access.day AND again.at < %(now)s
    )
"""
LED_NOWHERE_OF = f"""
    SELECT person_id, count(DISTINCT child_id)::int FROM review_explanation AS access
    WHERE person_id = ANY (%(people)s) AND {LED_NOWHERE} GROUP BY 1
"""  # noqa: S608 - all our own
# As rates.Counted, of the same and of what nothing explains: of each person, held against what of theirs is explained.
# Without those of whom it is oddest: whoever should be found must not become what is usual.
RATES = f"""
    WITH each AS (
        SELECT user_id, max(role) AS role, max(kind) AS kind, sum(unexplained)::float AS unexplained,
            sum(explained)::float AS explained, sum(number)::float AS number
        FROM (
            SELECT user_id, role, kind, unexplained, opened - unexplained AS explained, 0 AS number
            FROM review_tally WHERE day >= %(first)s AND day < %(last)s
            UNION ALL
            SELECT person_id, '', '', 0, 0, count(DISTINCT child_id) FROM review_explanation AS access
            WHERE {LED_NOWHERE} GROUP BY 1
        ) AS one GROUP BY 1
    ), rates AS (
        SELECT role, kind, 'unexplained' AS code, unexplained AS number, explained FROM each
        UNION ALL
        SELECT role, kind, 'led_nowhere', number, explained - number FROM each
    ), ranked AS (
        SELECT *, percent_rank() OVER (PARTITION BY role, kind, code ORDER BY number / (explained + 5)) AS place
        FROM rates WHERE role <> ''
    )
    SELECT role, kind, code, sum(number), sum(explained), sum(number * (number - 1)), sum(explained ^ 2)
    FROM ranked WHERE place <= %(oddest)s GROUP BY 1, 2, 3
"""  # noqa: S608 - all our own


def peers_before(day: date) -> dict[tuple[str, str], Peers]:
    """What people of each role in each kind of place did in the weeks before that day, or in the months."""
    gathered: dict[tuple[str, str], Any] = defaultdict(
        lambda: {"opened": [0] * BINS, "read": [0] * BINS, "hours": [0] * 2 * HOURS, "sums": [0] * 6, "since": day}
    )
    for role, kind, weekend, opened, read, since, *numbers in rows(PEERS, day - timedelta(days=WEEKS), day):
        group = gathered[role, kind]
        sums, hours = numbers[:6], numbers[6:]
        group["since"] = min(group["since"], since)
        group["opened"][opened] += sums[0]
        group["read"][read] += sums[0]
        group["sums"] = [one + other for one, other in zip(group["sums"], sums, strict=True)]
        for hour, days in enumerate(hours):
            group["hours"][hour + HOURS * weekend] += days
    rates, reading = _rates_before(day), _reading(gathered)
    return {
        peers: Peers(
            days=group["sums"][0],
            since=group["since"],
            opened=group["opened"],
            read=group["read"],
            hours=group["hours"],
            searched=group["sums"][3],
            followed=group["sums"][4],
            refused=group["sums"][5],
            reading=reading[peers[0]],
            **rates.get(peers, {}),
        )
        for peers, group in gathered.items()
    }


def _reading(gathered: Mapping[tuple[str, str], Any]) -> dict[str, Usual]:
    """How much is read in a day, of each role."""
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0] * 3)
    for (role, _), group in gathered.items():
        sums[role] = [one + other for one, other in zip(sums[role], group["sums"], strict=False)]
    usual = weights().rules["much_read"].each
    return {
        role: Usual.of(Counted(total, days, pairs, days), prior=usual, like=LIKE_DAYS)
        for role, (days, total, pairs) in sums.items()
    }


def strangers_before(day: date) -> Usual:
    """How many other strangers open the record of a child within the days of in_the_news, where one does."""
    days = weights().rules["in_the_news"].days
    begin = _midnight(day)
    asked = [sorted(OF_STRANGERS), begin - timedelta(days=WINDOWS * days), begin, day - timedelta(days=1), days]
    ((total, exposure, pairs, squares),) = rows(STRANGERS, *asked)
    return Usual.of(Counted(total or 0.0, exposure, pairs or 0.0, squares), prior=STRANGE, like=LIKE_CHILDREN)


def led_nowhere_before(day: date, people: Iterable[int]) -> dict[int, int]:
    """How many children each of these looked up on a duty, more than a week before that day, whom nobody saw again."""
    return dict(rows(LED_NOWHERE_OF, **_of_duty(day, MONTHS), people=list(people)))


def _rates_before(day: date) -> dict[tuple[str, str], dict[str, Usual]]:
    by = weights().rules
    rates: defaultdict[tuple[str, str], dict[str, Usual]] = defaultdict(dict)
    tallied = {"first": day - timedelta(days=MONTHS), "last": day - HELD, "oddest": NOT_THE_ODDEST}
    for role, kind, code, *counted in rows(RATES, **_of_duty(day, MONTHS), **tallied):
        rates[role, kind][code] = Usual.of(Counted(*counted), prior=by[code].each, like=LIKE)
    return rates


def _of_duty(day: date, days: int) -> dict[str, Any]:
    """By midnight, so that it is the same in whatever batches a day is examined."""
    now = _midnight(day)
    others = sorted(FULL - {Area.code})
    return {"area": [Area.code], "others": others, "since": now - timedelta(days=days), "until": now - HELD, "now": now}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
