"""The client's types say what is sent and answered: the same fields of the same types, the same of them left out."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, get_type_hints

import pytest
from contactpoint_client import asked as sent
from contactpoint_client import told
from contactpoint_client.registry import Registry
from rest_framework import serializers

from api.serializers import asked
from api.serializers import told as answered

Serializer = serializers.Serializer[Any]
# Of what JSON has types of its own for; all else is text.
KINDS = [(serializers.BooleanField, bool), (serializers.IntegerField, int)]
# What the client calls by a name of its own.
NAMES = {
    "SearchTold": "Found",
    "RecentTold": "Recent",
    "RecordTold": "Record",
    "InvolvementTold": "OwnInvolvement",
    "FollowingTold": "Following",
    "MeTold": "Me",
    "ListsTold": "Lists",
    "BasisTold": "Basis",
}
NOT_OF_ANSWERS = {"Problem": "an error: contactpoint_client.problems"}
# What the client tells besides, out of a header.
OUT_OF_HEADERS: dict[str, dict[str, type]] = {"Kept": {"version": str}}
SENT = {
    "SearchAsked": sent.Search,
    "BasisAsked": sent.Basis,
    "InvolvementAsked": sent.Entry,
    "WithdrawalAsked": sent.Withdrawal,
}
# What is one argument of a method, by its name.
ARGUMENTS = {
    "OpeningAsked": (Registry.open, {"reason"}),
    "EndAsked": (Registry.end_involvement, {"ended_on"}),
}


def serializers_of(module: ModuleType) -> list[type[Serializer]]:
    return [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, serializers.Serializer) and each.__module__ == module.__name__
    ]


def kind_of(field: serializers.Field[Any, Any, Any, Any], known: Callable[[str], object]) -> object:
    """The type of a field's values. `known` is the client's of a serializer's name."""
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        kind: Any = list[kind_of(field.child, known)]  # type: ignore[misc]
    elif isinstance(field, serializers.Serializer):
        kind = known(type(field).__name__)
    else:
        kind = next((kind for of, kind in KINDS if isinstance(field, of)), str)
    return kind | None if field.allow_null else kind


def known_answer(name: str) -> Any:
    return getattr(told, NAMES.get(name, name))


@pytest.mark.parametrize("answer", [each for each in serializers_of(answered) if each.__name__ not in NOT_OF_ANSWERS])
def test_client_knows_each_field_of_an_answer(answer: type[Serializer]) -> None:
    known, fields = known_answer(answer.__name__), answer().fields
    expected = {name: kind_of(field, known_answer) for name, field in fields.items()}
    assert get_type_hints(known) == expected | OUT_OF_HEADERS.get(answer.__name__, {})
    assert known.__optional_keys__ == {name for name, field in fields.items() if not field.required}


@pytest.mark.parametrize("body", serializers_of(asked))
def test_client_knows_each_field_of_what_is_sent(body: type[Serializer]) -> None:
    fields = body().fields
    if body.__name__ in ARGUMENTS:
        method, names = ARGUMENTS[body.__name__]
        assert names == set(fields)
        assert names <= set(get_type_hints(method))
        return
    known = SENT[body.__name__]
    assert get_type_hints(known) == {name: kind_of(field, SENT.__getitem__) for name, field in fields.items()}
    assert known.__optional_keys__ == {name for name, field in fields.items() if not field.required}


def test_what_is_recorded_has_what_is_kept_but_perhaps_no_version() -> None:
    assert get_type_hints(told.Recorded) == get_type_hints(told.Kept) | {"version": str | None}
