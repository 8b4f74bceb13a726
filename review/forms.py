"""What an auditor asks the log, and decides about an alert."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from access.people.organisation_fields import Within, organisation_field
from access.people.selectors.people import user_with_address
from access.sign_in.forms import AddressField
from audit.events import OF_PROCESSES, EventKind
from audit.reasons import LABELS, AlertResult
from pages.chooser import AMONG, PICK, ChooserField
from pages.form_fields import DateField
from registry.forms.fields import NumberField
from registry.rules import numbers
from review.selectors.entries import LARGEST_ID, Filter
from review.selectors.months import Month, offered

INTERNAL = re.compile(r"\(([0-9]{1,19})\)")
# Those that an authority's log can hold.
KINDS = sorted(((kind.value, kind.label) for kind in EventKind if kind not in OF_PROCESSES), key=lambda each: each[1])
NONE_FITS = "No organisation of your authorities fits. Check the spelling, or enter its postcode or number"


@dataclass(frozen=True, slots=True)
class RecordNumber:
    """A number by which somebody knows a record. `kind` is that of registry.rules.numbers, or none for our own."""

    kind: str
    number: str


class RecordNumberField(NumberField):
    """Any number of a record that a person may have in hand; and ours, in brackets alone, as the log shows it.

    Without them, an NHS number that lost a digit would be the number of another child.
    """

    wanted = (
        "Check the number, one of its characters may be wrong: a registry number has 11 digits, an NHS number 10, "
        "a unique pupil number a letter and 12 characters. A number that the log shows in brackets needs them here too"
    )

    def clean(self, value: Any) -> RecordNumber | None:  # type: ignore[override]  # the number with its kind
        internal = INTERNAL.fullmatch(numbers.compact(str(value or "")))
        if internal and int(internal[1]) <= LARGEST_ID:
            return RecordNumber("", internal[1])
        try:
            number = super().clean(value)
        except ValidationError as error:
            if [each.code for each in error.error_list] == ["required"]:
                raise
            # A practitioner would be led to search by name; an auditor has no names to search by.
            raise self.mistake() from None
        return RecordNumber(numbers.kind(number), number) if number else None


class LogFilterForm(forms.Form):
    """Narrows the log. Everything is optional."""

    since = DateField(label="From", required=False)
    until = DateField(label="To", required=False)
    kind = forms.ChoiceField(
        label="What happened",
        required=False,
        choices=[("", "Anything"), *KINDS],
        error_messages={"invalid_choice": "Choose from the list what happened"},
    )
    reason = forms.ChoiceField(
        label="Reason",
        required=False,
        choices=[("", "Any, or none"), *LABELS.items()],
        error_messages={"invalid_choice": "Choose the reason from the list"},
    )
    person = AddressField(
        label="Person",
        help_text="Their e-mail address",
        required=False,
        max_length=254,
        error_messages={
            "invalid": "Enter an e-mail address in the correct format, like name@example.com",
            "max_length": "Enter an e-mail address in the correct format, like name@example.com",
            "null_characters_not_allowed": "Enter an e-mail address in the correct format, like name@example.com",
        },
    )
    record = RecordNumberField(
        label="Record",
        help_text="Its registry number, NHS number or unique pupil number; or the number in brackets, like (4711), "
        "that the log shows of a record that is archived or not kept any more",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    readings = forms.BooleanField(label="Show readings of the log", required=False)
    alerts = forms.BooleanField(label="Show alerts", required=False)
    apart = forms.BooleanField(label="Show each event on a line of its own", required=False)

    def __init__(self, *args: Any, reach: Within, known: Sequence[int] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"] = organisation_field(
            reach, known=known, required=False, error_messages={"none": NONE_FITS}
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "To must be the same day as From or after it")
        return cleaned

    def typed(self) -> dict[str, str]:
        """What was typed, as it can be put into the form once more."""
        known = [name for field in self for name in _boxes(field.html_name, field.field)]
        return {name: self.data[name] for name in known if self.data.get(name)}

    def organisation_id(self) -> int | None:
        """The organisation that was meant. Call it only when the form is valid."""
        meant = self.cleaned_data["organisation"]
        return None if meant is None else int(meant.value)

    def number(self) -> RecordNumber | None:
        """The record asked for. Call it only when the form is valid."""
        number: RecordNumber | None = self.cleaned_data["record"]
        return number

    def wanted(self, *, child_id: int | None) -> Filter:
        """The filter asked for; `child_id` is what the number led to. Call it only when the form is valid."""
        values = self.cleaned_data
        person = user_with_address(values["person"]) if values["person"] else None
        return Filter(
            since=values["since"],
            until=values["until"],
            kind=EventKind(values["kind"]) if values["kind"] else None,
            reason=values["reason"],
            organisation_id=self.organisation_id(),
            person_id=person,
            child_id=child_id,
            readings=values["readings"],
            alerts=values["alerts"],
            apart=values["apart"],
            nobody=bool(values["person"] and person is None) or bool(values["record"] and child_id is None),
        )


class MonthForm(forms.Form):
    """The month that is counted. Without one, this one."""

    month = forms.ChoiceField(
        label="Month",
        required=False,
        error_messages={"invalid_choice": "Choose a month from the list: this one, or one of the year before it"},
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._offered = {month.code: month for month in offered(today)}
        self.fields["month"].choices = [(code, str(month)) for code, month in self._offered.items()]  # type: ignore[attr-defined]

    def wanted(self) -> Month | None:
        """The month to count; None where something else was asked for."""
        if not self.is_bound:
            return next(iter(self._offered.values()))
        return self._offered.get(self.cleaned_data["month"]) if self.is_valid() else None


class SaveViewForm(forms.Form):
    """Of which days a view is, whenever it is looked at."""

    period = forms.ChoiceField(
        label="Of which days?",
        choices=[
            ("7", "The last 7 days"),
            ("30", "The last 30 days"),
            ("90", "The last 90 days"),
            ("all", "The whole log"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose of which days the view is",
            "invalid_choice": "Choose from the list of which days the view is",
        },
    )

    def days(self) -> int | None:
        """How many up to today; none for the whole log. Call it only when the form is valid."""
        period = self.cleaned_data["period"]
        return int(period) if period.isdecimal() else None


class TakeAlertForm(forms.Form):
    """When the alert was taken last, as the page showed it."""

    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)


class CloseAlertForm(forms.Form):
    """What came of an alert, and how often it had been raised, as the page showed it."""

    times = forms.IntegerField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": "This page is out of date. Choose again what came of it"},
    )
    result = forms.ChoiceField(
        label="What came of it?",
        choices=AlertResult.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what came of it",
            "invalid_choice": "Choose from the list what came of it",
        },
    )


class ConsistencyForm(forms.Form):
    """The sizes of two checkpoints, the older one first."""

    older = forms.IntegerField(label="Events in the older one", min_value=1, max_value=LARGEST_ID)
    newer = forms.IntegerField(label="Events in the newer one", min_value=1, max_value=LARGEST_ID)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        older, newer = cleaned.get("older"), cleaned.get("newer")
        if older and newer and older > newer:
            self.add_error("newer", "The newer checkpoint must have at least as many events as the older one")
        return cleaned

    def sizes(self) -> tuple[int, int]:
        """Older and newer. Call it only when the form is valid."""
        return self.cleaned_data["older"], self.cleaned_data["newer"]


def _boxes(name: str, field: forms.Field) -> list[str]:
    """The names under which a field is posted: a date's in three boxes, an organisation's with what was chosen."""
    if isinstance(field, DateField):
        return [f"{name}_{part}" for part in ("day", "month", "year")]
    return [f"{name}{part}" for part in ("", AMONG, PICK)] if isinstance(field, ChooserField) else [name]
