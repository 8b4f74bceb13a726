"""Fields that take what they say and nothing that could be made into it, and bodies that have no other fields.

They say what kind of value stands where. What the values must be beyond that, the forms of the pages say
(api/serializers/asked.py).
"""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import TextChoices
from rest_framework import serializers

LONGEST_TEXT = 200  # characters: more than any form takes, so that its words are the ones that are told
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Text(serializers.CharField):
    """Text, and no number that could be written as one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Shaped(serializers.RegexField):
    """Text of a known shape."""

    def __init__(self, shape: str, *, wanted: str, **options: Any) -> None:
        super().__init__(f"^(?:{shape})$", max_length=LONGEST_TEXT, trim_whitespace=False, **options)
        self.error_messages["invalid"] = wanted

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data.endswith("\n"):  # which $ lets stand
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Whole(serializers.IntegerField):
    """A whole number, and neither text nor true."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class YesOrNo(serializers.BooleanField):
    """true or false, and nothing that is like one of them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Day(serializers.DateField):
    """A day, like 2025-02-01, and in no other way of writing."""

    default_error_messages = {"invalid": "Enter a real date, like 2025-02-01"}

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not DAY.fullmatch(value):
            self.fail("invalid")
        return super().to_internal_value(value)


class OneOf(serializers.ChoiceField):
    """A code from a closed list."""

    def __init__(self, listed: type[TextChoices] | Iterable[TextChoices], **options: Any) -> None:
        super().__init__(choices=[(each.value, each.label) for each in listed], **options)
        self.error_messages["invalid_choice"] = "Enter a code from the list"

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return str(super().to_internal_value(data))


# Of names that nobody knows so many are said back, and so much of each.
MOST_UNKNOWN, MOST_LETTERS = 20, 100


class Body(serializers.Serializer[Any]):
    """An object that has these fields and no others."""

    default_error_messages = {"unknown": "There is no such field"}

    def to_internal_value(self, data: Any) -> Any:
        unknown = {} if not isinstance(data, dict) else dict.fromkeys(set(data) - set(self.fields))
        if not unknown:
            return super().to_internal_value(data)
        words = self.error_messages["unknown"]
        told = sorted(unknown)[:MOST_UNKNOWN]
        raise serializers.ValidationError({name[:MOST_LETTERS]: [words] for name in told}, code="unknown")
