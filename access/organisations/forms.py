"""What an administrator types about an organisation. Every error says what to do next."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.models import AccreditationEvidence, OrganisationKind
from access.organisations.actions.organisations import LONGEST_ACCREDITATION, NewAccreditation, NewSite
from access.people.organisation_fields import HINT
from access.rules import grants
from pages.form_fields import DateField
from pages.shaped_fields import FullPostcodeField, TelephoneField
from pages.typed import plain
from pages.wording import long_date

LONGEST_NAME = 150
REFERENCE = re.compile(r"[A-Z0-9./-]{3,60}")


class OrganisationFilterForm(forms.Form):
    """Narrows the list. A person's name may be typed by mistake, so that what is typed stands in no address."""

    name = forms.CharField(
        label="Which organisation?", help_text=HINT, required=False, max_length=LONGEST_NAME, empty_value=""
    )
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Any"), *OrganisationKind.choices])


class AccreditationForm(forms.Form):
    """On what an organisation is accredited, and until when."""

    evidence = forms.ChoiceField(
        label="What did you see?",
        choices=AccreditationEvidence.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you saw"},
    )
    reference = forms.CharField(
        label="Number of the certificate or report",
        help_text="Capitals, digits, full stops, slashes and hyphens. No names",
        max_length=60,
        error_messages={"required": "Enter the number of the certificate or report"},
    )
    granted_on = DateField(label="Date of the certificate or report")
    expires_on = DateField(label="Last day on which it holds", future=True)

    def clean_reference(self) -> str:
        typed = plain(self.cleaned_data["reference"]).upper().replace(" ", "")
        if not REFERENCE.fullmatch(typed):
            raise ValidationError("Number must be 3 to 60 capitals, digits, full stops, slashes and hyphens")
        return typed

    def clean_expires_on(self) -> date:
        expires_on: date = self.cleaned_data["expires_on"]
        if expires_on <= timezone.localdate():
            raise ValidationError("Last day on which it holds must be in the future")
        return expires_on

    def clean(self) -> dict[str, Any]:
        granted_on, expires_on = (self.cleaned_data.get(name) for name in ("granted_on", "expires_on"))
        if granted_on and expires_on and expires_on > granted_on + LONGEST_ACCREDITATION:
            self.add_error("expires_on", "Last day on which it holds must be within 3 years of the day it was granted")
        return self.cleaned_data

    def new(self) -> NewAccreditation:
        """What was typed, as the action takes it."""
        told = self.cleaned_data
        return NewAccreditation(
            told["granted_on"], told["expires_on"], AccreditationEvidence(told["evidence"]), told["reference"]
        )


class SiteForm(forms.Form):
    """One of the places at which an organisation works."""

    name = forms.CharField(
        label="Name of the site",
        max_length=LONGEST_NAME,
        error_messages={"required": "Enter the name of the site"},
    )
    postcode = FullPostcodeField(label="Postcode", error_messages={"required": "Enter a full postcode, like M33 4AB"})
    telephone = TelephoneField(
        label="Telephone number",
        help_text="The one that is answered there, with its extension if it has one, like 0161 496 0000 extension 23",
    )

    def clean_name(self) -> str:
        return plain(self.cleaned_data["name"])

    def new(self) -> NewSite:
        """What was typed, as the action takes it."""
        return NewSite(**self.cleaned_data)


class DelegateForm(forms.Form):
    """Which of its administrators may apply for the organisation's people, and until when."""

    expires_on = DateField(label="Last day on which they may", future=True)

    def __init__(self, *args: Any, administrators: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"] = forms.TypedChoiceField(
            label="Which of its administrators?",
            choices=administrators,
            coerce=int,
            widget=forms.RadioSelect,
            error_messages={"required": "Select which of its administrators"},
        )
        self.order_fields(["person", "expires_on"])

    def clean_expires_on(self) -> date:
        expires_on: date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        latest = today + grants.GRANTED_FOR
        if not today <= expires_on <= latest:
            raise ValidationError(f"Last day on which they may must be within a year: {long_date(latest)} or before")
        return expires_on
