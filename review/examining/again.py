"""Examining history again, when rules or reasons have changed since."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction

from review.examining import cursor
from review.examining.access import LONDON, here
from review.examining.judging import OF_DOUBT
from review.examining.writing import score, score_children
from review.explanations import AT_ONCE, leaves_of
from review.explanations.base import Strength
from review.explanations.later import HELD
from review.models import Case

HELD_DAYS = HELD.days
PARTS = [each.code for each in AT_ONCE if each.strength is Strength.PART]
# What a closed case stands on stays as it was decided on.
FINDINGS = """
    DELETE FROM review_finding AS finding WHERE day >= %s
        AND NOT EXISTS (SELECT FROM review_case WHERE id = finding.case_id AND NOT growing)
"""
EXPLANATIONS = "DELETE FROM review_explanation WHERE at >= %s"
TALLIES = "DELETE FROM review_tally WHERE day >= %s"
RECORDED = "DELETE FROM review_recorded WHERE at >= %s"
# By this clock, and no later one, weeks were over when that day began: that of the last event before it.
CLOCK = "SELECT at FROM audit_event WHERE at < %s AND kind = ANY (%s) ORDER BY at DESC LIMIT 1"
# What was open when that day began, and was settled since, is open again.
HELD_AGAIN = """
    UPDATE review_explanation SET state = 'held', explained_at = NULL,
        held_until = at + make_interval(days => %(held)s),
        codes = ARRAY(
            SELECT code FROM unnest(codes) WITH ORDINALITY AS each (code, place) WHERE code = ANY (%(parts)s)
            ORDER BY place
        )
    WHERE at > %(clock)s::timestamptz - make_interval(days => %(held)s)
        AND (state = 'unexplained' OR state = 'later' AND explained_at > %(clock)s::timestamptz)
"""
UNEXPLAINED_AGAIN = """
    UPDATE review_tally AS tally SET unexplained = least(tally.opened, (
        SELECT count(*) FROM review_explanation
        WHERE person_id = tally.user_id AND day = tally.day AND state = 'unexplained'
    ) + (
        SELECT count(*) FROM review_explanation
        WHERE actor_id = tally.user_id AND actor_id <> person_id AND day = tally.day AND state = 'unexplained'
    ))
    WHERE tally.day >= %s
"""
NOT_FOUND_YET = """
    DELETE FROM review_finding AS finding USING review_explanation AS access
    WHERE finding.rule = 'unexplained' AND finding.person_id IN (access.person_id, access.actor_id)
        AND finding.day = access.day
        AND finding.child_id = access.child_id AND access.state = 'held'
        AND NOT EXISTS (
            SELECT FROM review_explanation AS over WHERE finding.person_id IN (over.person_id, over.actor_id)
                AND over.day = finding.day AND over.child_id = finding.child_id AND over.state = 'unexplained'
        )
        AND NOT EXISTS (SELECT FROM review_case WHERE id = finding.case_id AND NOT growing)
"""
# A record may have been opened twice that day: what was said for either counts, and the least of it.
OF_HELD = """
    SELECT finding.id, finding.rule, finding.bits, access.codes, access.state IN ('held', 'unexplained')
    FROM review_finding AS finding JOIN review_explanation AS access USING (day, child_id)
    WHERE finding.person_id IN (access.person_id, access.actor_id) AND EXISTS (
        SELECT FROM review_explanation AS held WHERE finding.person_id IN (held.person_id, held.actor_id)
            AND held.day = finding.day AND held.child_id = finding.child_id AND held.state = 'held'
    )
"""
COUNT_AGAIN = """
    UPDATE review_finding AS finding SET counts = each.counts
    FROM unnest(%s::bigint[], %s::float[]) AS each (id, counts) WHERE finding.id = each.id
"""
# The sequence of transactions is that of time but for moments.
FIRST = """
    SELECT min(transaction_id)::text FROM (
        SELECT transaction_id FROM audit_event WHERE at >= %s AND kind = ANY (%s) ORDER BY at LIMIT 10000
    ) AS first
"""
NUMBER = "SELECT count(*) FROM audit_event WHERE transaction_id >= %s::text::xid8 AND kind = ANY (%s)"


@transaction.atomic
def begin_again(day: date) -> int | None:
    """Forget what came of events since that day began, so that they are examined again from there.

    Returns how many there are, or None where somebody is examining at this moment. What is about the days before stands
    as it did when that day began; closed cases keep what they stand on.
    """
    begin = datetime.combine(day, time(), LONDON)
    if cursor.take() is None:
        return None
    with connection.cursor() as statement:
        statement.execute(FIRST, [begin, cursor.WATCHED])
        (first,) = statement.fetchone()
        if first is None:
            return 0
        statement.execute(FINDINGS, [day])
        statement.execute(EXPLANATIONS, [begin])
        statement.execute(TALLIES, [day])
        statement.execute(RECORDED, [begin])
        statement.execute(CLOCK, [begin, cursor.WATCHED])
        (clock,) = statement.fetchone() or (begin,)
        statement.execute(HELD_AGAIN, {"held": HELD_DAYS, "parts": PARTS, "clock": clock})
        statement.execute(UNEXPLAINED_AGAIN, [here(clock).date() - HELD - timedelta(days=1)])
        statement.execute(NOT_FOUND_YET)
        statement.execute(OF_HELD)
        counts: defaultdict[int, float] = defaultdict(float)
        for finding_id, rule, bits, codes, doubted in statement.fetchall():
            if doubted or rule not in OF_DOUBT:
                counts[finding_id] = max(counts[finding_id], bits * leaves_of(codes))
        statement.execute(COUNT_AGAIN, [list(counts), list(counts.values())])
        people = Case.objects.filter(growing=True, override=None, person_id__isnull=False).values_list(
            "person_id", flat=True
        )
        score([each for each in people if each is not None], day)
        children = Case.objects.filter(growing=True, child_id__isnull=False).values_list("child_id", flat=True)
        score_children(sorted({each for each in children if each is not None}), day)
        cursor.move_to(int(first))
        statement.execute(NUMBER, [first, cursor.WATCHED])
        return int(statement.fetchone()[0])
