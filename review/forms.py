"""The auditor's filter."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from access.models import User
from access.models.user import email_fingerprint
from access.sign_in.forms import AddressField
from audit.events import EventKind
from audit.selectors import Filter
from pages.form_fields import DateField

LARGEST_ID = 2**63 - 1


class LogFilterForm(forms.Form):
    """Narrows the log. Everything is optional."""

    since = DateField(label="From", required=False)
    until = DateField(label="To", required=False)
    kind = forms.ChoiceField(label="What happened", required=False, choices=[("", "Anything"), *EventKind.choices])
    person = AddressField(
        label="Person",
        help_text="Their e-mail address",
        required=False,
        max_length=254,
        error_messages={"invalid": "Enter an e-mail address in the correct format, like name@example.com"},
    )
    child = forms.IntegerField(
        label="Record",
        help_text="The number in the Records column",
        required=False,
        min_value=1,
        max_value=LARGEST_ID,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-10"}),
        error_messages={
            "invalid": "Record must be a number from the Records column",
            "min_value": "Record must be a number from the Records column",
            "max_value": "Record must be a number from the Records column",
        },
    )

    def clean_person(self) -> int | None:
        """The id of the person with that address."""
        address: str = self.cleaned_data["person"]
        if not address:
            return None
        person = User.objects.filter(email_fingerprint=email_fingerprint(address)).first()
        if person is None:
            raise ValidationError("Nobody is registered with this e-mail address. Check how it is spelt")
        return int(person.pk)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "To must be the same day as From or after it")
        return cleaned

    def wanted(self) -> Filter:
        """The filter asked for. Call it only when the form is valid."""
        values = self.cleaned_data
        return Filter(
            since=values["since"],
            until=values["until"],
            kind=EventKind(values["kind"]) if values["kind"] else None,
            person_id=values["person"],
            child_id=values["child"],
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
