"""A date as three boxes, with the error messages of the GOV.UK date input.

Source of the wording: https://design-system.service.gov.uk/components/date-input/#error-messages
"""

import calendar
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone

from pages.typed import plain
from pages.whole_dates import has_time, is_whole, spread

PARTS = ("day", "month", "year")
EARLIEST_YEAR = 1900  # nobody in the registry, and no service to them, is older
SHORTEST_MONTH_NAME = 3
DIGITS_OF_A_YEAR = 4
MONTHS = range(1, 13)


class DateWidget(forms.MultiWidget):
    """Three text boxes, posted as `<name>_day`, `<name>_month` and `<name>_year`.

    A whole date that was pasted into one of them comes back in all three, each part in its box.
    """

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in PARTS}, attrs)

    def decompress(self, value: date | None) -> list[str]:
        """The texts that the boxes show for a date."""
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str | None]:
        """What the boxes held, or the parts of the whole date that one of them held."""
        return spread(super().value_from_datadict(data, files, name))


class DateField(forms.Field):
    """A day, month and year typed in three boxes, as a `datetime.date`, or None when all are empty.

    Takes what a person in a hurry types: month names, leading zeros, a whole date pasted into any of the boxes
    (pages.whole_dates). Each error says what to put right and carries in `params["parts"]` which boxes are wrong.
    The label begins each message, so it is required. A day that has not come yet is refused unless `future` is true.
    """

    widget = DateWidget

    def __init__(self, *, label: str, future: bool = False, **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)
        self.future = future

    def clean(self, value: Sequence[str] | None) -> date | None:
        """The date typed. Raises ValidationError naming the wrong boxes."""
        typed = self._parts(value)
        missing = [part for part in PARTS if not typed[part]]
        if len(missing) == len(PARTS):
            if self.required:
                raise self._error(f"Enter {in_sentence(self.label)}", PARTS)
            return None
        if missing:
            raise self._error(f"{self.label} must include a {' and a '.join(missing)}", missing)
        day = self._real_date(typed)
        if not self.future and day > timezone.localdate():
            raise self._error(f"{self.label} must be today or in the past", PARTS)
        return day

    def has_changed(self, initial: date | None, data: Sequence[str] | None) -> bool:
        """Whether the boxes show another date than they did."""
        return [text or "" for text in data or ("", "", "")] != DateWidget().decompress(initial)

    def _parts(self, value: Sequence[str | None] | None) -> dict[str, str]:
        boxes = dict(zip(PARTS, value or ("", "", ""), strict=True))  # spread by the widget
        timed = [part for part, text in boxes.items() if has_time(text)]
        if timed:
            raise self._error(f"{self.label} must be a day, month and year, without a time of day", timed)
        whole = [part for part, text in boxes.items() if is_whole(text)]
        if whole:
            raise self._error(f"{self.label} must be in one box or in three. Empty the other boxes", whole)
        return {part: plain(text or "") for part, text in boxes.items()}

    def _real_date(self, typed: dict[str, str]) -> date:
        numbers = {
            "day": _number(typed["day"]),
            "month": _month(typed["month"]),
            "year": _number(typed["year"]),
        }
        if numbers["year"] is not None and len(typed["year"]) != DIGITS_OF_A_YEAR:
            raise self._error("Year must include 4 numbers", ["year"])
        unreadable = [part for part, number in numbers.items() if number is None]
        if unreadable:
            raise self._error(f"{self.label} must be a real date", unreadable)
        return self._existing_day(numbers["year"] or 0, numbers["month"] or 0, numbers["day"] or 0)

    def _existing_day(self, year: int, month: int, day: int) -> date:
        if year < EARLIEST_YEAR:
            raise self._error(f"{self.label} must be after {EARLIEST_YEAR - 1}", ["year"])
        try:
            return date(year, month, day)
        except ValueError:
            real = f"{self.label} must be a real date"
            if day in MONTHS and month not in MONTHS:
                raise self._error(f"{real}. Enter the day before the month", ["day", "month"]) from None
            raise self._error(real, ["day" if month in MONTHS else "month"]) from None

    def _error(self, message: str, parts: Sequence[str]) -> ValidationError:
        return ValidationError(message, code="date", params={"parts": tuple(parts)})


def in_sentence(label: object) -> str:
    """The label as it stands inside a sentence: "date of birth" and "a mistake", but "NHS number"."""
    text = str(label)
    return text if text[:2].isupper() and text[1:2] != " " else text[:1].lower() + text[1:]


def wrong_boxes(field: BoundField) -> tuple[str, ...]:
    """Which boxes of a date field to mark: those its error names, all of them for any other error, none for none."""
    errors = field.errors.as_data()
    if not errors:
        return ()
    return tuple((errors[0].params or {}).get("parts", PARTS))


def _number(text: str) -> int | None:
    """A short whole number in the digits 0 to 9, or None."""
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None


def _month(text: str) -> int | None:
    """A month by number, or by its name or the first letters of it."""
    if len(text) >= SHORTEST_MONTH_NAME:
        for number, name in enumerate(calendar.month_name):
            if number and name.lower().startswith(text.lower().rstrip(".")):
                return number
    return _number(text)
