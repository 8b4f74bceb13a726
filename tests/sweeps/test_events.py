"""Every kind of event is recorded by some code, has words for the auditor, and is recorded through the recorder."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from access.rules.lifecycle import TRANSITIONS, Step
from audit.events import NO_MORE, Alert, EventKind, Outcome
from audit.reasons import Reason

PROJECT = Path(__file__).parent.parent.parent
APPS = ("access", "audit", "contactpoint", "encryption", "feeds", "pages", "registry", "review")
EVENT_KIND = ast.dump(ast.Name("EventKind", ast.Load()))
STEP = ast.dump(ast.Name("Step", ast.Load()))
STEP_TAKERS = {"begin_step", "_let_in", "_let_go"}  # the last two pass it on to the first
WRITES_EVENTS = re.compile(
    r"\b(audit_record|audit_record_process|audit_record_token|access_sign_in|access_invitation_accept|access_token_give|"
    r"access_token_end|audit_append|"
    r"into audit_event)\b",
    re.IGNORECASE,
)
NAME_THEM = {
    "access/apps.py": "registers those that ask for a session or a token",
    "audit/vouching.py": "tells the recorder which to call",
    "audit/filling.py": "writes a synthetic past, as the owner, whom no function keeps from anything",
    "contactpoint/grants.py": "says who may call them",
}
MAKES_ROWS = {"Event", "create", "bulk_create", "get_or_create", "update_or_create", "save"}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for app in APPS:
        for path in sorted((PROJECT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(PROJECT), ast.parse(path.read_text())


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def handed(call: ast.Call) -> list[ast.expr]:
    """What a call is given, by place or by name."""
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def recorders() -> Iterator[ast.FunctionDef]:
    """`record`, and the functions that are told which kind they record: `kind` is their parameter."""
    for _path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and any(each.arg == "kind" for each in parameters(node)):
                yield node


def parameters(function: ast.FunctionDef) -> list[ast.arg]:
    return [
        each
        for each in (*function.args.args, *function.args.kwonlyargs)
        if ast.dump(each.annotation or ast.Pass()) == EVENT_KIND
    ]


def named_kinds(nodes: Iterable[ast.expr]) -> set[str]:
    return {each.attr for each in nodes if isinstance(each, ast.Attribute) and ast.dump(each.value) == EVENT_KIND}


def recorded_kinds() -> set[str]:
    """Names of kinds that some code hands to a recorder, and of those that one records when it is told none.

    Besides, those of steps in a person's life that are taken: their table says which kind each records.
    """
    known = list(recorders())
    names = {function.name for function in known}
    told = [named_kinds(handed(call)) for _path, tree in sources() for call in calls(tree) if called(call) in names]
    return set().union(*told, steps_taken(), *(named_kinds(function.args.defaults) for function in known))


def steps_taken() -> set[str]:
    """Names of the kinds that are recorded by taking a step of access.rules.lifecycle."""
    named = [
        each.attr
        for _path, tree in sources()
        for call in calls(tree)
        if called(call) in STEP_TAKERS
        for each in handed(call)
        if isinstance(each, ast.Attribute) and ast.dump(each.value) == STEP
    ]
    return {TRANSITIONS[Step[name]].event.name for name in named}


def test_every_kind_is_recorded_somewhere() -> None:
    assert recorded_kinds() == {kind.name for kind in EventKind if kind not in NO_MORE}


def texts(tree: ast.Module) -> Iterator[str]:
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def imports_the_model(tree: ast.Module) -> bool:
    modules = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return any(
        str(node.module).startswith("audit.models") and name.name == "Event" for node in modules for name in node.names
    )


def test_events_are_written_by_the_recorder_alone() -> None:
    """The database takes them through a few functions only (test_grants); nobody else learns which."""
    naming = {str(path) for path, tree in sources() for text in texts(tree) if WRITES_EVENTS.search(text)}
    asking = {str(path) for path, tree in sources() for call in calls(tree) if called(call) == "voucher"}

    assert naming == set(NAME_THEM)
    assert asking == {"audit/recorder.py"}


def test_no_event_is_made_as_a_row() -> None:
    with_model = [(path, tree) for path, tree in sources() if imports_the_model(tree)]
    makers = {str(path) for path, tree in with_model for call in calls(tree) if called(call) in MAKES_ROWS}

    assert with_model
    assert makers == set()


@pytest.mark.parametrize("listed", [Alert, EventKind, Outcome, Reason], ids=lambda listed: listed.__name__)
def test_every_member_has_words_of_its_own(
    listed: type[Alert] | type[EventKind] | type[Outcome] | type[Reason],
) -> None:
    labels = [member.label for member in listed]

    assert all(labels)
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("asked", "listed"),
    [("event.kind IN (", EventKind), ("event.outcome IN (", Outcome), ("event.reason IN (", Alert)],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_the_database_takes_the_same_codes(asked: str, listed: type[EventKind] | type[Outcome] | type[Alert]) -> None:
    page = (PROJECT / "audit/sql/functions/audit_rule_broken_by.sql").read_text()
    taken = page.partition(asked)[2].partition(")")[0]

    assert sorted(re.findall(r"'([^']+)'", taken)) == sorted(each for each in listed.values if each not in NO_MORE)


def test_kinds_read_subject_then_verb() -> None:
    assert [kind for kind in EventKind if kind.count(".") != 1] == []
