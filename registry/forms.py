"""What a practitioner types, checked and put in one way of writing. Every error says what to do next."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from access.models import Organisation
from audit.reasons import Reason
from pages.form_fields import DateField
from registry import numbers, telephones
from registry.actions.involvements import Entry
from registry.policies import services_of
from registry.search import normalise
from registry.search.criteria import MINIMUM, SHORTEST_NAME, Criteria
from registry.vocabulary import SENSITIVE_SERVICES, Gender, SensitiveBasis, Service

LONGEST_NAME = 100
OLDEST = 18
NAME_MARKS = frozenset(" '’‘`-–·.")
MOST_WORDS = 8  # of a name: whatever has more is no name, and would take as many tokens
HOUSE_NUMBER = re.compile(r"[0-9]{1,4}[a-z]?")
SHORTEST_STREET = 2
ONE_LETTER = "{label} needs more than an initial, or add the other name and a date of birth or full postcode"


class NameField(forms.CharField):
    """A person's name in any script: letters, their accents, spaces, hyphens, apostrophes and full stops."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", LONGEST_NAME)
        super().__init__(**options)
        letters = f"{self.label} must only include letters, spaces, hyphens and apostrophes"
        self.error_messages |= {
            "letters": letters,
            "null_characters_not_allowed": letters,
            "max_length": f"{self.label} must be {LONGEST_NAME} characters or fewer",
            "words": f"{self.label} must be {MOST_WORDS} words or fewer. Leave out titles and middle names",
        }

    def clean(self, value: Any) -> str:
        # Marks that nobody sees, such as those that turn the direction of writing, come with names that are pasted.
        visible = "".join(each for each in str(super().clean(value)) if unicodedata.category(each) != "Cf")
        name = " ".join(visible.split())
        strange = any(unicodedata.category(each)[0] not in "LM" and each not in NAME_MARKS for each in name)
        if strange or (name and not normalise.whole_name(name)):
            raise ValidationError(self.error_messages["letters"], code="letters")
        if sum(each in NAME_MARKS for each in name) >= MOST_WORDS:
            raise ValidationError(self.error_messages["words"], code="words")
        return name


class ShapedField(forms.CharField):
    """Text of a known shape. Whatever is wrong with it, one message says what is wanted."""

    wanted: str

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages |= dict.fromkeys(("max_length", "null_characters_not_allowed"), self.wanted)

    def mistake(self) -> ValidationError:
        return ValidationError(self.wanted, code="shape")


class NumberField(ShapedField):
    """A registry number, NHS number or unique pupil number, with its check digit checked."""

    wanted = (
        "Check the number: an NHS number has 10 digits, a registry number 11, "
        "a unique pupil number a letter and 12 characters"
    )

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            return numbers.recognised(typed)[1]
        except numbers.InvalidNumberError:
            raise self.mistake() from None


class PostcodeField(ShapedField):
    """A full postcode, its first part, or that with the digit that follows."""

    wanted = "Enter a full postcode, like M33 4AB, or its first part, like M33"

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        code = normalise.postcode(typed)
        if typed and not code:
            raise self.mistake()
        return code


class HouseField(ShapedField):
    """The number of a house, with its letter."""

    wanted = "Enter the number of the house alone, like 33 or 33A"

    def clean(self, value: Any) -> str:
        number = normalise.house_number(super().clean(value))
        if number and not HOUSE_NUMBER.fullmatch(number):
            raise self.mistake()
        return number


class StreetField(ShapedField):
    """The name of a street."""

    wanted = "Enter the name of the street, like Oak Road, without the number of the house"

    def clean(self, value: Any) -> str:
        street = " ".join(str(super().clean(value)).split())
        letters = all(unicodedata.category(each)[0] in "LM" or each in NAME_MARKS for each in street)
        if street and not (letters and len(normalise.street(street)) >= SHORTEST_STREET):
            raise self.mistake()
        return street


class TelephoneField(ShapedField):
    """A telephone number that can be rung from England, kept in the international way (E.164)."""

    wanted = "Enter a telephone number, like 0161 496 0000 or 07700 900 982"

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return telephones.normalise(typed)
        except telephones.InvalidTelephoneError:
            raise self.mistake() from None


class SearchForm(forms.Form):
    """What is known of the child."""

    given_name = NameField(label="Given name", required=False)
    family_name = NameField(label="Family name", required=False)
    date_of_birth = DateField(label="Date of birth", required=False)
    age = forms.IntegerField(
        label="Or age in years",
        help_text="A guess is fine",
        required=False,
        min_value=0,
        max_value=OLDEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-2"}),
        error_messages={
            "invalid": "Age must be a whole number, like 7",
            "min_value": f"Age must be between 0 and {OLDEST}",
            "max_value": f"Age must be between 0 and {OLDEST}",
        },
    )
    postcode = PostcodeField(
        label="Postcode",
        help_text="All of it, or the first part, like M33",
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    house = HouseField(
        label="House number",
        required=False,
        max_length=8,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-4"}),
    )
    street = StreetField(label="Street", required=False, max_length=60)
    gender = forms.ChoiceField(
        label="Gender",
        required=False,
        choices=[("", "Any"), (Gender.FEMALE, Gender.FEMALE.label), (Gender.MALE, Gender.MALE.label)],
    )
    number = NumberField(
        label="Number",
        help_text="NHS number, unique pupil number or the number of this registry",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned["house"] and not cleaned["street"]:
            self.add_error("street", ValidationError("Enter the street that the house is in", code="no_street"))
        elif not self.criteria().is_enough():
            self._refuse_as_too_thin()
        return cleaned

    def _refuse_as_too_thin(self) -> None:
        """Say what is missing, beside the field that would help where there is one."""
        asked = self.criteria()
        for name, typed in (("given_name", asked.given), ("family_name", asked.family)):
            if typed and len(normalise.whole_name(typed)) < SHORTEST_NAME:
                self.add_error(name, ValidationError(ONE_LETTER.format(label=self.fields[name].label), code="letter"))
        if asked.street and not asked.house and not self.errors:
            self.add_error("house", ValidationError("Enter the number of the house in the street", code="no_house"))
        if not self.errors:
            raise ValidationError(MINIMUM, code="not_enough")

    def criteria(self) -> Criteria:
        """What was given. Call it only when no field has an error."""
        values = self.cleaned_data
        return Criteria(
            today=self.today,
            given=values["given_name"],
            family=values["family_name"],
            date_of_birth=values["date_of_birth"],
            age=values["age"],
            gender=Gender(values["gender"]) if values["gender"] else None,
            postcode=values["postcode"],
            number=values["number"],
            house=values["house"],
            street=values["street"],
        )


class ReasonForm(forms.Form):
    """Why the record is opened; by a mediator in a call, for the colleague, who records nothing."""

    reason = forms.ChoiceField(
        label="Why do you need to open this record?",
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the reason why you need to open this record"},
    )

    def __init__(self, *args: Any, in_call: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if in_call:
            reason = self.fields["reason"]
            reason.label = "Why does your colleague need this record?"
            reason.error_messages["required"] = "Choose the reason why your colleague needs this record"
            reason.choices = [choice for choice in Reason.choices if choice[0] != Reason.KEEP_UP_TO_DATE]  # type: ignore[attr-defined]


class InvolvementForm(forms.Form):
    """An involvement of one's own organisation. Asks for a service, and its basis, only where there is a choice."""

    service = forms.ChoiceField(
        label="Which service?", widget=forms.RadioSelect, error_messages={"required": "Choose the service"}
    )
    practitioner = NameField(
        label="Practitioner’s name",
        help_text="Who others should ask for. Never write anything about the child",
        error_messages={"required": "Enter the practitioner’s name"},
    )
    telephone = TelephoneField(
        label="Telephone number",
        help_text="The one that is answered",
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "class": "govuk-input--width-20"}),
        error_messages={"required": "Enter a telephone number, like 0161 496 0000"},
    )
    started_on = DateField(label="Start date")
    basis = forms.ChoiceField(
        label="Why may this service be entered?",
        choices=SensitiveBasis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why this service may be entered"},
    )
    lead = forms.TypedChoiceField(
        label="Is this practitioner the lead professional?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether this practitioner is the lead professional"},
    )

    def __init__(self, *args: Any, organisation: Organisation, **options: Any) -> None:
        super().__init__(*args, **options)
        services = services_of(organisation)
        self.fields["service"].choices = [(each.value, each.label) for each in services]  # type: ignore[attr-defined]
        self.only_service = services[0] if len(services) == 1 else None
        if self.only_service:
            del self.fields["service"]
        if not SENSITIVE_SERVICES.intersection(services):
            del self.fields["basis"]

    def entry(self) -> Entry:
        """What was entered, once valid."""
        values = self.cleaned_data
        return Entry(
            service=self.only_service or Service(values["service"]),
            practitioner=values["practitioner"],
            telephone=values["telephone"],
            started_on=values["started_on"],
            lead=values["lead"],
            basis=SensitiveBasis(values["basis"]) if "basis" in values else None,
        )


class EndForm(forms.Form):
    """When an involvement ended."""

    ended_on = DateField(label="End date")

    def __init__(self, *args: Any, started_on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.started_on = started_on

    def clean_ended_on(self) -> date:
        ended_on: date = self.cleaned_data["ended_on"]
        if ended_on < self.started_on:
            message = f"End date must be the same as or after {self.started_on:%-d %B %Y}, when it started"
            raise ValidationError(message, code="before_start")
        return ended_on
