"""Keeps what came of a batch: each table in one statement or two, all in the transaction of the batch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from review.examining.days import Day
from review.examining.growth import Growth
from review.examining.judging import OF_DOUBT, OF_RELATION, Found, Judged, Key, Verdicts
from review.examining.sampling import is_sampled
from review.examining.scoring import score_of
from review.explanations import leaves_of
from review.explanations.later import HELD
from review.models import State
from review.rules import OF_CHILDREN
from review.rules.weights import weights

EXPLANATIONS = """
    INSERT INTO review_explanation (event_id, at, day, kind, child_id, person_id, actor_id, organisation_id,
        authority_id, reason, state, codes, held_until, explained_at)
    SELECT event_id, at, day, kind, child_id, person_id, actor_id, organisation_id, authority_id, reason, state,
        string_to_array(codes, ','), held_until, explained_at
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::date[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[],
        %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[])
        AS each (event_id, at, day, kind, child_id, person_id, actor_id, organisation_id, authority_id, reason, state,
            codes, held_until, explained_at)
    ON CONFLICT (event_id) DO NOTHING
"""
SETTLED = """
    UPDATE review_explanation AS kept SET state = each.state, codes = string_to_array(each.codes, ','),
        explained_at = each.explained_at, held_until = NULL
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[]) AS each (event_id, state, codes, explained_at)
    WHERE kept.event_id = each.event_id
"""
RECORDED = """
    INSERT INTO review_recorded (event_id, at, day, child_id, organisation_id, withdrawn)
    SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::date[], %s::bigint[], %s::bigint[], %s::boolean[])
    ON CONFLICT (event_id) DO NOTHING
"""
TALLIES = """
    INSERT INTO review_tally (user_id, day, role, organisation_id, authority_id, kind, opened, searched, followed,
        refused, read, unexplained, hours, last_trail, last_followed)
    SELECT * FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::int[],
        %s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::uuid[], %s::uuid[])
    ON CONFLICT (user_id, day) DO UPDATE SET opened = excluded.opened, searched = excluded.searched,
        followed = excluded.followed, refused = excluded.refused, read = excluded.read,
        unexplained = excluded.unexplained, hours = excluded.hours, last_trail = excluded.last_trail,
        last_followed = excluded.last_followed
"""
FINDINGS = """
    INSERT INTO review_finding AS kept (person_id, rule, day, child_id, event_id, at, organisation_id, authority_id,
        bits, counts, codes)
    SELECT person_id, rule, day, child_id, event_id, at, organisation_id, authority_id, bits, counts,
        string_to_array(codes, ',')
    FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::bigint[],
        %s::bigint[], %s::float[], %s::float[], %s::text[]) AS each (person_id, rule, day, child_id, event_id, at,
            organisation_id, authority_id, bits, counts, codes)
    ON CONFLICT (person_id, rule, day, child_id) DO UPDATE
        SET bits = excluded.bits, counts = excluded.counts, codes = excluded.codes
        WHERE excluded.counts > kept.counts
            -- What a closed case stands on stays as it was decided on.
            AND NOT EXISTS (SELECT FROM review_case AS own WHERE own.id = kept.case_id AND NOT own.growing)
"""
# What was found of a day before it had gone on, and will be again if it holds.
FOUND_ANEW = """
    UPDATE review_finding AS kept SET counts = 0
    FROM unnest(%s::bigint[], %s::date[], %s::text[]) AS each (person_id, day, rule)
    WHERE kept.person_id = each.person_id AND kept.rule = each.rule AND kept.day = each.day AND kept.child_id IS NULL
        AND kept.counts > 0
        AND NOT EXISTS (SELECT FROM review_case AS own WHERE own.id = kept.case_id AND NOT own.growing)
    RETURNING kept.person_id
"""
EXPLAINED_SINCE = """
    UPDATE review_finding AS kept SET codes = string_to_array(each.codes, ','), counts = CASE
        WHEN kept.rule = ANY (%s) THEN 0
        ELSE least(kept.counts, kept.bits * each.leaves)
    END
    FROM unnest(%s::bigint[], %s::date[], %s::bigint[], %s::float[], %s::text[])
        AS each (person_id, day, child_id, leaves, codes)
    WHERE kept.person_id = each.person_id AND kept.day = each.day AND kept.child_id = each.child_id
        AND kept.rule = ANY (%s)
"""
SAMPLES = """
    INSERT INTO review_sampled (event_id, authority_id, at)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) ON CONFLICT (event_id) DO NOTHING
"""
# Of what a closed case stood on, nothing counts again.
OPEN_FINDINGS = """
    SELECT finding.person_id, finding.rule, finding.counts, finding.at, finding.organisation_id, finding.authority_id
    FROM review_finding AS finding LEFT JOIN review_case AS own ON own.id = finding.case_id
    WHERE finding.person_id = ANY (%s) AND finding.day > %s AND (own.id IS NULL OR own.growing)
        AND finding.rule <> ALL (%s)
    ORDER BY finding.at, finding.id
"""
# What is about a child is of one case with the people of each authority.
OPEN_FINDINGS_OF_CHILDREN = """
    SELECT finding.child_id, finding.authority_id, finding.person_id, finding.counts, finding.at
    FROM review_finding AS finding LEFT JOIN review_case AS own ON own.id = finding.case_id
    WHERE finding.child_id = ANY (%s) AND finding.day > %s AND (own.id IS NULL OR own.growing)
        AND finding.rule = ANY (%s) AND finding.authority_id IS NOT NULL
    ORDER BY finding.at, finding.id
"""
CASES = """
    INSERT INTO review_case (person_id, organisation_id, authority_id, opened_at, last_at, score, urgent_at, growing)
    SELECT person_id, organisation_id, authority_id, last_at, last_at, score, urgent_at, true
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::float[], %s::timestamptz[])
        AS each (person_id, organisation_id, authority_id, last_at, score, urgent_at)
    WHERE score >= %s OR EXISTS (
        SELECT FROM review_case WHERE person_id = each.person_id AND growing AND override_id IS NULL
    )
    ON CONFLICT (person_id) WHERE growing AND override_id IS NULL DO UPDATE
        SET score = excluded.score, last_at = greatest(review_case.last_at, excluded.last_at),
            urgent_at = CASE WHEN excluded.urgent_at IS NOT NULL
                THEN coalesce(review_case.urgent_at, excluded.urgent_at)
            END
"""
CASES_OF_CHILDREN = """
    INSERT INTO review_case (child_id, authority_id, opened_at, last_at, score, urgent_at, growing)
    SELECT child_id, authority_id, last_at, last_at, score, urgent_at, true
    FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::float[], %s::timestamptz[])
        AS each (child_id, authority_id, last_at, score, urgent_at)
    WHERE score >= %s OR EXISTS (
        SELECT FROM review_case WHERE child_id = each.child_id AND authority_id = each.authority_id AND growing
    )
    ON CONFLICT (child_id, authority_id) WHERE growing DO UPDATE
        SET score = excluded.score, last_at = greatest(review_case.last_at, excluded.last_at),
            urgent_at = CASE WHEN excluded.urgent_at IS NOT NULL
                THEN coalesce(review_case.urgent_at, excluded.urgent_at)
            END
"""
THEIRS = """
    UPDATE review_finding AS finding SET case_id = own.id FROM review_case AS own
    WHERE own.person_id = finding.person_id AND own.growing AND own.override_id IS NULL AND finding.case_id IS NULL
        AND finding.person_id = ANY (%s)
        AND finding.rule <> ALL (%s)
"""
OF_CHILD = """
    UPDATE review_finding AS finding SET case_id = own.id FROM review_case AS own
    WHERE own.child_id = finding.child_id AND own.authority_id = finding.authority_id AND own.growing
        AND finding.case_id IS NULL AND finding.child_id = ANY (%s) AND finding.rule = ANY (%s)
"""
# But for overridden shields, into which auditors look whatever is found.
NOTHING_LEFT = """
    UPDATE review_case SET score = 0, urgent_at = NULL WHERE growing AND override_id IS NULL AND person_id = ANY (%s)
"""
NOTHING_LEFT_OF_CHILDREN = """
    UPDATE review_case SET score = 0, urgent_at = NULL WHERE growing AND child_id = ANY (%s)
        AND (child_id, authority_id) NOT IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
"""


def write(verdicts: Verdicts, days: Mapping[tuple[int, date], Day], today: date) -> None:
    """Keep all of it. Once in a transaction with the cursor, it is kept exactly once."""
    growth = _growing(verdicts)
    _write_accesses(verdicts)
    _put(
        RECORDED,
        (
            (event_id, told.at, told.day, child_id, told.organisation_id, told.withdrawn)
            for event_id, child_id, told in verdicts.recorded
        ),
    )
    _put(TALLIES, (_of_day(days[key]) for key in sorted(verdicts.touched)))
    people = _take_back(verdicts)
    _put(FINDINGS, (_of_finding(key, found) for key, found in verdicts.findings.items()))
    since = [each for each in verdicts.settled if each.state is State.LATER]
    _reduce(since)
    people |= {key.person_id for key in verdicts.findings} | {each for one in since for each in one.access.people}
    score(sorted(people), today)
    children = {key.child_id for key in verdicts.findings if key.rule in OF_CHILDREN and key.child_id is not None}
    score_children(sorted(children | {each.access.child_id for each in since}), today)
    growth.note()


def _growing(verdicts: Verdicts) -> Growth:
    """The cases to which any of it may be added."""
    people = {key.person_id for key in verdicts.findings} | {
        each for one in verdicts.settled for each in one.access.people
    }
    children = {key.child_id for key in verdicts.findings if key.child_id is not None}
    return Growth.of(people, children | {each.access.child_id for each in verdicts.settled})


def _write_accesses(verdicts: Verdicts) -> None:
    _put(EXPLANATIONS, map(_of_access, verdicts.accesses))
    by = weights().score
    _put(
        SAMPLES,
        (
            (each.access.event_id, each.access.authority_id, each.access.at)
            for each in verdicts.accesses
            if is_sampled(each.access.event_id, by.sample if each.state is State.AT_ONCE else by.sample_unexplained)
        ),
    )
    _put(
        SETTLED,
        (
            (each.access.event_id, each.state.value, ",".join(each.opened.codes), each.opened.explained_at)
            for each in verdicts.settled
        ),
    )


def _take_back(verdicts: Verdicts) -> set[int]:
    """What the day so far may have made less counts nothing until it is found again. Returns of whom that was."""
    if not verdicts.anew:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(FOUND_ANEW, _columns(verdicts.anew))
        return {person_id for (person_id,) in cursor.fetchall()}


def _reduce(since: Sequence[Judged]) -> None:
    """Of what was found with these, their reason leaves less, or nothing."""
    if not since:
        return
    rows = [
        (
            user_id,
            each.access.day,
            each.access.child_id,
            leaves_of(each.opened.codes),
            ",".join(each.opened.codes),
        )
        for each in since
        for user_id in sorted(each.access.people)
    ]
    with connection.cursor() as cursor:
        cursor.execute(EXPLAINED_SINCE, [sorted(OF_DOUBT), *_columns(rows), sorted(OF_DOUBT | OF_RELATION)])


def score(people: list[int], today: date) -> None:
    """Reckon anew what there is about these people. With enough of it, there is a case."""
    if not people:
        return
    by = weights().score
    found: defaultdict[int, list[Any]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(OPEN_FINDINGS, [people, today - timedelta(days=by.days), sorted(OF_CHILDREN)])
        for person_id, *finding in cursor.fetchall():
            found[person_id].append(finding)
        rows = []
        for person_id, findings in found.items():
            score = score_of([(rule, counts) for rule, counts, *_ in findings], by)
            _rule, _counts, last_at, organisation_id, authority_id = findings[-1]
            urgent_at = last_at if score >= by.urgent else None
            rows.append((person_id, organisation_id, authority_id, last_at, score, urgent_at))
        cursor.execute(NOTHING_LEFT, [[each for each in people if each not in found]])
        if rows:
            cursor.execute(CASES, [*_columns(rows), by.threshold])
            cursor.execute(THEIRS, [people, sorted(OF_CHILDREN)])


def score_children(children: list[int], today: date) -> None:
    """Reckon anew what there is about these children: of each person once, since many are what speaks for it."""
    if not children:
        return
    by, of_children = weights().score, sorted(OF_CHILDREN)
    found: defaultdict[tuple[int, int], dict[int, float]] = defaultdict(dict)
    last: dict[tuple[int, int], datetime] = {}
    with connection.cursor() as cursor:
        cursor.execute(OPEN_FINDINGS_OF_CHILDREN, [children, today - timedelta(days=by.days), of_children])
        for child_id, authority_id, person_id, counts, at in cursor.fetchall():
            people = found[child_id, authority_id]
            people[person_id] = max(counts, people.get(person_id, 0.0))
            last[child_id, authority_id] = at
        left = ([child_id for child_id, _ in found], [authority_id for _, authority_id in found])
        cursor.execute(NOTHING_LEFT_OF_CHILDREN, [children, *left])
        if not found:
            return
        rows = []
        for about, people in found.items():
            bits = sum(people.values())
            rows.append((*about, last[about], bits, last[about] if bits >= by.urgent else None))
        cursor.execute(CASES_OF_CHILDREN, [*_columns(rows), by.threshold])
        cursor.execute(OF_CHILD, [children, of_children])


def _of_access(judged: Judged) -> tuple[Any, ...]:
    access, held = judged.access, judged.state is State.HELD
    return (
        access.event_id,
        access.at,
        access.day,
        access.kind,
        access.child_id,
        access.person_id,
        access.actor_id,
        access.organisation_id,
        access.authority_id,
        access.reason,
        judged.state.value,
        ",".join(judged.opened.codes),
        access.at + HELD if held else None,
        judged.opened.explained_at,
    )


def _of_day(day: Day) -> tuple[Any, ...]:
    return (
        day.user_id,
        day.day,
        day.role,
        day.organisation_id,
        day.authority_id,
        day.kind,
        day.opened,
        day.searched,
        day.followed,
        day.refused,
        day.read,
        day.unexplained,
        day.hours,
        day.last_trail,
        day.last_followed,
    )


def _of_finding(key: Key, found: Found) -> tuple[Any, ...]:
    return (
        *key,
        found.event_id,
        found.at,
        found.organisation_id,
        found.authority_id,
        found.bits,
        found.counts,
        ",".join(found.codes),
    )


def _put(statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Run the statement with the rows as arrays, one a column; not at all where there are none."""
    listed = list(rows)
    if listed:
        with connection.cursor() as cursor:
            cursor.execute(statement, _columns(listed))


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
