"""What is typed of a new identity, and why; and why two people read which record goes on."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from audit.reasons import EscrowReason, IdentityReason, IdentityRefusal
from pages.form_fields import PARTS, DateField
from pages.shaped_fields import FullPostcodeField, PlainField
from registry.forms.choosing import StepForm, choose, radios
from registry.forms.fields import NameField, NumberField
from registry.forms.home import LONGEST_HOUSE, LONGEST_STREET
from registry.protection.new_identity import Wanted
from registry.rules.numbers import is_own
from registry.rules.retention import ARCHIVE_YEARS, MAJORITY, age
from registry.selectors.identities import councils
from registry.values import PostalAddress
from registry.vocabulary import Gender

LONGEST_TOWN = 60
OLDEST = MAJORITY + ARCHIVE_YEARS
TOO_OLD = f"Date of birth must be of somebody under {OLDEST}: no record is kept of anybody older"
OWN_ALONE = "Enter a registry number: it has 11 digits and stands on the record’s page, and on letters of ours"
WHOLE_ADDRESS = "Enter the whole address, or leave all of it out"


class OwnNumberField(NumberField):
    """A registry number, and no other kind."""

    def clean(self, value: Any) -> str:
        number = super().clean(value)
        if number and not is_own(number):
            raise forms.ValidationError(OWN_ALONE, code="shape")
        return number


def own_number(label: str, hint: str) -> OwnNumberField:
    """The box for a registry number, and no other kind."""
    return OwnNumberField(
        label=label,
        help_text=hint,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
        error_messages={"required": OWN_ALONE},
    )


class FindRecordForm(forms.Form):
    """The record that somebody means."""

    number = own_number("Registry number", "It has 11 digits. Ask whoever works with the child")


class AskIdentityForm(forms.Form):
    """The new identity, and why."""

    reason = radios("Why is there a new identity?", IdentityReason.choices, "Choose why there is a new identity")
    given = NameField(
        label="New given name",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the new given name"},
    )
    family = NameField(
        label="New family name",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the new family name"},
    )
    date_of_birth = DateField(label="Date of birth", help_text="As before, unless the police changed it")
    gender = radios("Gender", Gender.choices, "Choose the gender")
    authority = forms.ChoiceField(
        label="Which council answers for the new record?",
        error_messages=choose("Choose a council"),
    )
    lines = PlainField(
        label="New house and street",
        help_text="You can leave the address out. Nobody sees it while the details are protected",
        required=False,
        max_length=LONGEST_HOUSE + LONGEST_STREET,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    town = NameField(
        label="New town",
        required=False,
        max_length=LONGEST_TOWN,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    postcode = FullPostcodeField(label="New postcode", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(str(each.pk), each.name) for each in councils()]
        self.fields["authority"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean_date_of_birth(self) -> date:
        born: date = self.cleaned_data["date_of_birth"]
        if age(born, timezone.localdate()) >= OLDEST:
            raise forms.ValidationError(TOO_OLD, params={"parts": PARTS})
        return born

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        address = ("lines", "town", "postcode")
        if not any(name in self.errors for name in address) and any(cleaned.get(name) for name in address):
            for name in address:
                if not cleaned.get(name):
                    self.add_error(name, WHOLE_ADDRESS)
        return cleaned

    def wanted(self) -> Wanted:
        """What is asked for. Call it only when the form is valid."""
        values = self.cleaned_data
        postal = PostalAddress((values["lines"],), values["town"], values["postcode"]) if values["lines"] else None
        return Wanted(
            given=values["given"],
            family=values["family"],
            date_of_birth=values["date_of_birth"],
            gender=Gender(values["gender"]),
            authority_id=int(values["authority"]),
            postal=postal,
        )


class RefuseIdentityForm(StepForm):
    """Why a new identity is refused."""

    why = radios(
        "Why should there be no new identity now?",
        IdentityRefusal.choices,
        "Choose why there should be no new identity now",
        coerce=IdentityRefusal,
    )


class AskLinkForm(forms.Form):
    """Why two people must read which record goes on."""

    reason = radios(
        "Why must you know which record is the new one?", EscrowReason.choices, "Choose why you must know it"
    )


class GiveLinkForm(StepForm):
    """The number of the closed record, which the other administrator tells."""

    number = own_number(
        "Number of the closed record", "Ask the administrator who wants it, and speak with them about why"
    )
