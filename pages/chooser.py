"""A box by which one of many is found. Where several fit what was typed, they come as radios to choose from.

Works without script: the page is sent, comes back with the list under the box and all else as it was typed, and is sent
again. Whoever types something else meanwhile gets the list for that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

MOST_SHOWN = 20
LONGEST = 150
AMONG, PICK = "_among", "_pick"  # after the box's own name: what the list was made for, and what was chosen of it


@dataclass(frozen=True, slots=True)
class Option:
    """One that may be chosen: `text` stands beside its radio and `hint` below."""

    value: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came from the page. `pick` was chosen from the list made for `among`."""

    typed: str
    among: str = ""
    pick: str = ""

    @property
    def current_pick(self) -> str:
        """The choice, unless something else was typed since."""
        return self.pick if self.among == self.typed else ""


class ChooserWidget(forms.TextInput):
    """The box, what its list was made for, and the choice."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Answer:
        typed, among, pick = (str(data.get(f"{name}{part}") or "").strip() for part in ("", AMONG, PICK))
        return Answer(typed, among, pick)

    def format_value(self, value: Answer | str | None) -> str:
        """The text in the box."""
        return value.typed if isinstance(value, Answer) else value or ""


class ChooserField(forms.Field):
    """One of those that `search` finds, the best first; an error, with the list to choose from, where several fit.

    `found` is what fitted at the last cleaning. Messages: `required`, `none` and `several`.
    """

    widget = ChooserWidget
    default_error_messages = {"too_long": f"Enter at most {LONGEST} characters"}

    def __init__(self, *, search: Callable[[str], Sequence[Option]], **options: Any) -> None:
        super().__init__(**options)
        self.search = search
        self.found: Sequence[Option] = ()

    def clean(self, value: Answer) -> Any:
        """The one that was meant; None where nothing was typed and nothing need be."""
        if len(value.typed) > LONGEST:
            raise ValidationError(self.error_messages["too_long"], code="too_long")
        if not value.typed:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        self.found = self.search(value.typed)
        return self.meant(value)

    def meant(self, answer: Answer) -> Any:
        """Which of those found. Raises ValidationError where that is not said yet."""
        if not self.found:
            raise ValidationError(self.error_messages["none"], code="none")
        meant = self.picked(answer) if len(self.found) > 1 else self.found[0]
        if meant is None:
            raise ValidationError(self.error_messages["several"], code="several")
        return meant

    def picked(self, answer: Answer) -> Option | None:
        """The one that was chosen from the list, or None."""
        return next((one for one in self.found if one.value == answer.current_pick), None)


class NarrowingField(ChooserField):
    """All that fit, for a filter; or the one that was chosen among them. Nobody has to choose."""

    every_one = Option("", "All of them", "")

    def meant(self, answer: Answer) -> list[Option]:
        picked = self.picked(answer)
        return [picked] if picked else list(self.found)


def as_typed(data: Any, name: str) -> dict[str, str]:
    """What a page sent for the field of that name, to be kept and cleaned again."""
    return {f"{name}{part}": str(data.get(f"{name}{part}") or "") for part in ("", AMONG, PICK)}
