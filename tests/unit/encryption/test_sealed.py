"""A `Sealed` shows itself to nobody and refuses to be mistaken for the value inside."""

import copy
import json
import operator
import pickle
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.template import engines

from encryption.errors import SealedMisuseError
from encryption.sealed import Sealed
from tests.unit.encryption.telling import assert_tells_nothing

CANARY = "Amelia Canary"

SHOWING: dict[str, Callable[[Any], str]] = {
    "str": str,
    "repr": repr,
    "f-string": lambda value: f"{value}",
    "f-string with repr": lambda value: f"{value!r}",
    "f-string with width": lambda value: f"{value:>30}",
    "f-string with a date's format": lambda value: f"{value:%Y-%m-%d}",
    "percent": lambda value: "%s %r" % (value, value),  # noqa: UP031 - log calls format this way
    "str.format": lambda value: "{} {!r:>30} {name}".format(value, value, name=value),  # noqa: UP032 - as code may
    "format_map": lambda value: "{name}".format_map({"name": value}),
    "format": format,
    "list": lambda value: str([value]),
    "dict": lambda value: repr({"name": value}),
    "tuple": lambda value: f"{(value,)}",
    "exception": lambda value: repr(ValueError("refused", value)),
    "Jinja": lambda value: (
        engines["jinja2"].from_string("{{ name }}{{ [name] }}{{ name | e }}").render({"name": value})
    ),
    "Django template": lambda value: engines["django"].from_string("{{ name }}").render({"name": value}),
}

MISUSE: dict[str, Callable[[Any], object]] = {
    "equal": lambda value: value == CANARY,
    "equal to itself": lambda value: value == value,  # noqa: PLR0124 - what is tested
    "equal, from the other side": lambda value: CANARY == value,  # noqa: SIM300 - what is tested
    "not equal": lambda value: value != CANARY,
    "less": lambda value: value < CANARY,
    "at most": lambda value: value <= CANARY,
    "more": lambda value: value > CANARY,
    "at least": lambda value: value >= CANARY,
    "sorted": lambda value: sorted([value, Sealed(lambda: "b")]),
    "bool": bool,
    "not": operator.not_,
    "or": lambda value: value or "unknown",
    "len": len,
    "iter": iter,
    "list": list,
    "join": "".join,
    "in": lambda value: "A" in value,
    "in a list": lambda value: value in ["", CANARY],
    "hash": hash,
    "set": lambda value: {value},
    "key of a dict": lambda value: {value: 1},
    "pickle": pickle.dumps,
    "old pickle": lambda value: pickle.dumps(value, protocol=0),
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "copy inside": lambda value: copy.deepcopy({"name": value}),
    "Jinja condition": lambda value: engines["jinja2"].from_string("{% if name %}x{% endif %}").render({"name": value}),
    "Jinja loop": lambda value: (
        engines["jinja2"].from_string("{% for x in name %}{% endfor %}").render({"name": value})
    ),
}

# Python refuses these by itself.
REFUSED: dict[str, Callable[[Any], object]] = {
    "json": json.dumps,
    "msgspec": msgspec.json.encode,
    "int": int,
    "plus": lambda value: value + "",
    "index": lambda value: value[0],
    "bytes": bytes,
    "attributes": vars,
    "new attribute": lambda value: setattr(value, "clear", CANARY),
}


@pytest.fixture
def sealed() -> Sealed[str]:
    return Sealed(lambda: CANARY)


def test_sealed_value_opens_when_asked(sealed: Sealed[str]) -> None:
    assert sealed.open() == CANARY


@pytest.mark.parametrize("show", SHOWING.values(), ids=SHOWING.keys())
def test_sealed_value_shows_as_sealed(show: Callable[[Any], str], sealed: Sealed[str]) -> None:
    shown = show(sealed)

    assert "sealed" in shown
    assert CANARY not in shown


@pytest.mark.parametrize("misuse", MISUSE.values(), ids=MISUSE.keys())
def test_sealed_value_misused_is_refused(misuse: Callable[[Any], object], sealed: Sealed[str]) -> None:
    with pytest.raises(SealedMisuseError) as refusal:
        misuse(sealed)
    assert_tells_nothing(refusal.value, CANARY.encode())


@pytest.mark.parametrize("misuse", REFUSED.values(), ids=REFUSED.keys())
def test_sealed_value_has_no_other_use(misuse: Callable[[Any], object], sealed: Sealed[str]) -> None:
    with pytest.raises((TypeError, AttributeError, SealedMisuseError)) as refusal:
        misuse(sealed)
    assert_tells_nothing(refusal.value, CANARY.encode())


def test_sealed_value_that_does_not_open_says_why_again_each_time() -> None:
    def refuse() -> str:
        raise SealedMisuseError("as the opener says")

    sealed = Sealed(refuse)
    for _ in range(2):
        with pytest.raises(SealedMisuseError, match="as the opener says"):
            sealed.open()
    assert repr(sealed) == "<sealed>"
