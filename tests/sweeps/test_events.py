"""Every kind of event is recorded by some code, has words for the auditor, and is recorded through the recorder."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.events import EventKind, Outcome
from audit.reasons import Reason

PROJECT = Path(__file__).parent.parent.parent
APPS = ("access", "audit", "encryption", "registry", "contactpoint")


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for app in APPS:
        for path in sorted((PROJECT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(PROJECT), ast.parse(path.read_text())


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def recorded_kinds() -> set[str]:
    """Names of kinds that some code hands to `record`, or to a function of its own that does."""
    return {
        each.attr
        for _path, tree in sources()
        for call in calls(tree)
        if called(call).lstrip("_").startswith("record")
        for each in call.args
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == "EventKind"
    }


def test_every_kind_is_recorded_somewhere() -> None:
    assert recorded_kinds() == set(EventKind.names)


def test_events_are_made_by_the_recorder_alone() -> None:
    makers = {str(path) for path, tree in sources() for call in calls(tree) if called(call) == "Event"}

    assert makers == {"audit/recorder.py"}


@pytest.mark.parametrize("listed", [EventKind, Outcome, Reason], ids=lambda listed: listed.__name__)
def test_every_member_has_words_of_its_own(listed: type[EventKind] | type[Outcome] | type[Reason]) -> None:
    labels = [member.label for member in listed]

    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_kinds_read_subject_then_verb() -> None:
    assert [kind for kind in EventKind if kind.count(".") != 1] == []
