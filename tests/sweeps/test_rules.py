"""Every rule has a test in which it fires and its honest twin; every reason one in which it explains nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.events import EventKind
from contactpoint.roles import EXAMINER
from contactpoint.settings import base
from review.examining.cursor import WATCHED
from review.explanations import ALL as REASONS
from review.explanations import WORDS as WORDS_OF_REASONS
from review.rules import ALL as RULES
from review.rules import IN_BRIEF as IN_BRIEF_OF_RULES
from review.rules import WORDS as WORDS_OF_RULES

PROJECT = Path(__file__).parent.parent.parent
TESTS = PROJECT / "tests/unit/review"


def names_of_tests() -> Iterator[str]:
    for path in TESTS.glob("test_*.py"):
        yield from (node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("code", sorted(RULES))
def test_each_rule_has_a_test_that_fires_it_and_an_honest_twin(code: str) -> None:
    there = list(names_of_tests())
    assert [name for name in there if name.startswith(f"test_{code}_fires")]
    assert [name for name in there if name.startswith(f"test_{code}_honest_twin")]


@pytest.mark.parametrize("code", sorted(REASONS))
def test_each_reason_has_a_test_that_it_explains_and_one_that_it_does_not(code: str) -> None:
    there = list(names_of_tests())
    assert f"test_{code}_explains" in there
    assert [name for name in there if name.startswith(f"test_{code}_does_not_explain")]


@pytest.mark.parametrize(("package", "registered"), [("rules", RULES), ("explanations", REASONS)])
def test_no_class_is_forgotten(package: str, registered: dict[str, object]) -> None:
    """A class with a code of its own that nobody asks would find nothing, in silence."""
    coded = {
        node.name
        for path in (PROJECT / "review" / package).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "code" for each in node.body)
    }
    assert coded == {type(each).__name__ for each in registered.values()}


def test_everything_has_words_that_a_person_reads() -> None:
    for words in (*WORDS_OF_RULES.values(), *WORDS_OF_REASONS.values()):
        assert words[0].isupper()
        assert len(words.split()) > 4
        assert not words.endswith(".")
    for brief in IN_BRIEF_OF_RULES.values():
        assert brief[0].isupper()
        assert len(brief.split()) <= 5


def test_what_is_watched_are_kinds_of_events() -> None:
    assert set(WATCHED) <= set(EventKind.values)
    assert {"child.opened", "involvement.read", "log.read", "user.left"} <= set(WATCHED)


def test_every_access_of_a_record_is_explained_and_the_examiner_is_asked_every_two_seconds() -> None:
    assert base.CELERY_BEAT_SCHEDULE["examine"]["schedule"] == 2
    assert base.CELERY_TASK_ROUTES["review.tasks.examine"] == {"queue": EXAMINER.removeprefix("contactpoint_")}
