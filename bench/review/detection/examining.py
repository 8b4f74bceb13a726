"""Step, as the examiner: examine all there is. Writes into FOLDER how cases stood, and accesses. Prints nothing.

python -m bench.review.detection.examining FOLDER [--rules-only]

With --rules-only nothing explains anything, and what is written is each flag of each rule: the first rival.
"""

import json
import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import django

django.setup()

from review import explanations  # noqa: E402 - Django first
from review.examining import loading  # noqa: E402
from review.examining.examiner import Examiner  # noqa: E402
from review.examining.judging import Judge  # noqa: E402
from review.examining.rows import rows  # noqa: E402
from review.examining.scoring import score_of  # noqa: E402
from review.explanations.later import Later  # noqa: E402
from review.rules import OF_CHILDREN  # noqa: E402
from review.rules.unexplained import Unexplained  # noqa: E402
from review.rules.weights import weights  # noqa: E402

CASES = """
    SELECT one.id, score, CASE WHEN one.person_id IS NOT NULL THEN ARRAY[one.person_id] ELSE ARRAY(
        SELECT DISTINCT person_id FROM review_finding AS finding WHERE case_id = one.id AND counts > 0 ORDER BY 1
    ) END
    FROM review_case AS one WHERE growing
"""
STATES = "SELECT event_id, state FROM review_explanation"
COUNTED = "SELECT person_id, rule, counts FROM review_finding WHERE counts > 0"
FINDINGS = "SELECT person_id, rule, at FROM review_finding ORDER BY at, id"


def main() -> None:
    folder = Path(sys.argv[1])
    if "--rules-only" in sys.argv:
        _explain_nothing()
        Examiner().examine()
        # That nothing explains an access is no rule of those who ask for no explanation.
        flags = [(at.timestamp(), person) for person, rule, at in rows(FINDINGS) if rule != Unexplained.code]
        (folder / "flags").write_text(json.dumps(flags))
    else:
        watch = _Watch()
        examined = Examiner().examine(watch.look)
        (folder / "cases").write_text(json.dumps(watch.seen))
        said = {"events": examined, "states": rows(STATES), "scores": _scores()}
        (folder / "said").write_text(json.dumps(said))
    print(json.dumps(None))


class _Watch:
    """Notes after each batch which cases changed, by the clock of the events.

    `seen` has when, which, its score and whom it names.
    """

    def __init__(self) -> None:
        self.seen: list[tuple[float, int, float, list[int]]] = []
        self._clock = 0.0
        self._cases: dict[int, tuple[float, list[int]]] = {}
        expire = Judge.expire

        def noting(judge: Judge, clock: datetime) -> None:
            self._clock = clock.timestamp()
            expire(judge, clock)

        Judge.expire = noting  # type: ignore[method-assign,assignment]

    def look(self, _number: int) -> None:
        for case, score, people in rows(CASES):
            if self._cases.get(case) != (score, people):
                self._cases[case] = (score, people)
                self.seen.append((self._clock, case, score, people))


def _scores() -> dict[int, float]:
    """What all that was found of each person comes to, whether it made a case or not."""
    found: defaultdict[int, list[tuple[str, float]]] = defaultdict(list)
    for person, rule, counts in rows(COUNTED):
        if rule not in OF_CHILDREN:
            found[person].append((rule, counts))
    return {person: score_of(findings, weights().score) for person, findings in found.items()}


def _explain_nothing() -> None:
    explanations.AT_ONCE = ()
    Later.is_explained_by = staticmethod(lambda _access, _told: False)  # type: ignore[method-assign,assignment]
    # Of everybody as much is asked as else of those who have nothing to do with the child.
    loading._is_involved = lambda _access, _known: False  # type: ignore[assignment] # noqa: SLF001 - to leave it out is what the rival is


if __name__ == "__main__":
    main()
