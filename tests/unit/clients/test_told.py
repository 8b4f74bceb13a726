"""The client's types say what the API answers: the same fields, and the same of them may be missing."""

from typing import Any, get_type_hints

import pytest
from contactpoint_client import told
from rest_framework import serializers

from api.serializers import told as answered

# What the client calls by a name of its own.
NAMES = {
    "SearchTold": "Found",
    "RecentTold": "Recent",
    "RecordTold": "Record",
    "InvolvementTold": "OwnInvolvement",
    "MeTold": "Me",
    "ListsTold": "Lists",
    "BasisTold": "Basis",
}
NOT_OF_ANSWERS = {"Problem": "an error: contactpoint_client.problems"}
ANSWERS = [
    each
    for each in vars(answered).values()
    if isinstance(each, type) and issubclass(each, serializers.Serializer) and each.__module__ == answered.__name__
]


@pytest.mark.parametrize("answer", [each for each in ANSWERS if each.__name__ not in NOT_OF_ANSWERS])
def test_client_knows_each_field_of_an_answer(answer: type[serializers.Serializer[Any]]) -> None:
    known = get_type_hints(getattr(told, NAMES.get(answer.__name__, answer.__name__)))
    fields = answer().fields
    assert set(known) == set(fields)
    for name, field in fields.items():
        assert (type(None) in getattr(known[name], "__args__", ())) == field.allow_null, name
        assert (getattr(known[name], "__origin__", None) is list) == isinstance(
            field, serializers.ListSerializer | serializers.ListField
        ), name
