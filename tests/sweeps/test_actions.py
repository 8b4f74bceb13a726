"""Every action takes what it is told by name, and who acts first."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
APPS = ("access", "api", "feeds", "registry", "review")
EXCEPTIONS = {
    "access/sign_in/actions/first_secrets.py:give_secrets": "nobody acts yet: run by whoever makes an installation",
    "access/systems/actions/acting.py:begin": "who acts is known by the code that the system brings",
    "access/systems/actions/acting.py:leave": "who acts is known by the token that the system brings",
    "access/systems/actions/acting.py:note_unproved": "nobody is known to act: it is noted that somebody tried",
    "access/systems/actions/acting.py:renew": "who acts is known by the token that the system brings",
    "access/systems/actions/fetching.py:fetch": "the system acts, which has proved that it is itself",
}


def actions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions of modules of actions that write: one transaction each, or with an actor."""
    for app in APPS:
        for path in sorted((PROJECT / app).rglob("*.py")):
            if "actions" in path.parts or path.stem == "actions":
                for node in ast.parse(path.read_text()).body:
                    if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _is_action(node):
                        yield f"{path.relative_to(PROJECT)}:{node.name}", node


def _is_action(function: ast.FunctionDef) -> bool:
    return any("atomic" in ast.unparse(each) for each in function.decorator_list) or _records(function)


def _records(function: ast.FunctionDef) -> bool:
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    return any(isinstance(call.func, ast.Name) and call.func.id in {"record", "record_each"} for call in calls)


ACTIONS = dict(actions())


def test_actions_are_found() -> None:
    assert len(ACTIONS) >= 40
    assert {*EXCEPTIONS} <= {*ACTIONS}


@pytest.mark.parametrize("name", sorted({*ACTIONS} - {*EXCEPTIONS}))
def test_an_action_is_told_everything_by_name_and_who_acts_first(name: str) -> None:
    told = ACTIONS[name].args

    assert not told.posonlyargs
    assert not told.args
    assert told.kwonlyargs[0].arg == "actor"
