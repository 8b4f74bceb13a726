"""What a practitioner types, checked and put in one way of writing. Every error says what to do next."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.form_fields import DateField
from access.models import Organisation
from access.wording import long_date
from audit.reasons import Reason
from registry import numbers, telephones
from registry.actions.involvements import Entry
from registry.policies import mistakes_of, services_of
from registry.search import normalise
from registry.search.criteria import MINIMUM, SHORTEST_NAME, Criteria
from registry.service_days import Life, WrongDay, wrong_end, wrong_start
from registry.telephones import Mistake
from registry.vocabulary import SENSITIVE_SERVICES, Gender, SensitiveBasis, Service

LONGEST_NAME = 100
OLDEST = 18
NAME_MARKS = frozenset(" '’‘`-–·.")
MOST_WORDS = 8  # of a name: whatever has more is no name, and would take as many tokens
HOUSE_NUMBER = re.compile(r"[0-9]{1,4}[a-z]?")
SHORTEST_STREET = 2
MISTAKES = {
    Mistake.NO_AREA_CODE: "Telephone number must include the area code, like 0161 496 0000",
    Mistake.LETTERS: "Telephone number must only include numbers, and an extension if it has one, "
    "like 0161 496 0000 extension 23",
    Mistake.EXTENSION: "Extension must be 1 to 8 numbers, like 0161 496 0000 extension 23",
    Mistake.SHORT: "Enter the service’s own number with its area code, like 0161 496 0000. "
    "A short number, like 101, is not answered by the same people everywhere",
}
ONE_LETTER = "{label} needs more than an initial, or add the other name and a date of birth or full postcode"


def _choose(what_to_do: str) -> dict[str, str]:
    """One message where nothing was chosen and where what was sent is not on the list; Django's own would repeat it."""
    return dict.fromkeys(("required", "invalid_choice"), what_to_do)


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
        for read in (numbers.nhs_number, numbers.own_number, numbers.pupil_number):
            try:
                return read(typed)
            except numbers.InvalidNumberError:
                continue
        raise self.mistake()


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
    """A telephone number that can be rung from anywhere in England, kept as registry.telephones keeps them."""

    wanted = "Enter a telephone number, like 0161 496 0000 or 07700 900 982"

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return telephones.normalise(typed)
        except telephones.InvalidTelephoneError as refused:
            raise ValidationError(MISTAKES.get(refused.mistake, self.wanted), code=refused.mistake) from None


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
        error_messages=_choose("Choose the reason why you need to open this record"),
    )

    def __init__(self, *args: Any, in_call: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if in_call:
            reason = self.fields["reason"]
            reason.label = "Why does your colleague need this record?"
            reason.error_messages |= _choose("Choose the reason why your colleague needs this record")
            reason.choices = [choice for choice in Reason.choices if choice[0] != Reason.KEEP_UP_TO_DATE]  # type: ignore[attr-defined]


class InvolvementForm(forms.Form):
    """An involvement of one's own organisation. Asks for a service, and its basis, only where there is a choice."""

    service = forms.ChoiceField(
        label="Which service?", widget=forms.RadioSelect, error_messages=_choose("Choose the service")
    )
    practitioner = NameField(
        label="Practitioner’s name",
        help_text="Who others should ask for. Never write anything about the child",
        error_messages={"required": "Enter the practitioner’s name"},
    )
    telephone = TelephoneField(
        label="Telephone number",
        help_text="The one that is answered, with its extension if it has one, like 0161 496 0000 extension 23",
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "class": "govuk-input--width-20"}),
        error_messages={"required": "Enter a telephone number, like 0161 496 0000"},
    )
    started_on = DateField(label="Start date")
    basis = forms.ChoiceField(
        label="Why may this service be entered?",
        choices=SensitiveBasis.choices,
        widget=forms.RadioSelect,
        error_messages=_choose("Choose why this service may be entered"),
    )
    lead = forms.TypedChoiceField(
        label="Is this practitioner the lead professional?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages=_choose("Choose whether this practitioner is the lead professional"),
    )

    def __init__(self, *args: Any, organisation: Organisation, life: Life, **options: Any) -> None:
        super().__init__(*args, **options)
        self.life = life
        services = services_of(organisation)
        self.fields["service"].choices = [(each.value, each.label) for each in services]  # type: ignore[attr-defined]
        self.only_service = services[0] if len(services) == 1 else None
        if self.only_service:
            del self.fields["service"]
        if not SENSITIVE_SERVICES.intersection(services):
            del self.fields["basis"]

    def clean_started_on(self) -> date:
        started_on: date = self.cleaned_data["started_on"]
        wrong = wrong_start(started_on, self.life, today=timezone.localdate())
        if wrong:
            raise _wrong_day("Start date", wrong, self.life)
        return started_on

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

    def __init__(self, *args: Any, started_on: date, life: Life, **options: Any) -> None:
        super().__init__(*args, **options)
        self.started_on = started_on
        self.life = life

    def clean_ended_on(self) -> date:
        ended_on: date = self.cleaned_data["ended_on"]
        wrong = wrong_end(ended_on, self.life, started_on=self.started_on, today=timezone.localdate())
        if wrong == WrongDay.BEFORE_START:
            message = f"End date must be the same as or after {long_date(self.started_on)}, when it started"
            raise ValidationError(message, code=wrong)
        if wrong:
            raise _wrong_day("End date", wrong, self.life)
        return ended_on


class WithdrawalForm(forms.Form):
    """Why an involvement should never have been recorded."""

    mistake = forms.ChoiceField(
        label="Why should it not be on this record?",
        widget=forms.RadioSelect,
        error_messages=_choose("Choose why it should not be on this record"),
    )

    def __init__(self, *args: Any, service: Service, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(each.value, each.label) for each in mistakes_of(service)]
        self.fields["mistake"].choices = choices  # type: ignore[attr-defined]


def _wrong_day(label: str, wrong: WrongDay, life: Life) -> ValidationError:
    """What to do about a day outside the child's life, which names no day that the record does not show."""
    told = {
        WrongDay.NOT_YET: "today or in the past",
        WrongDay.BEFORE_BIRTH: f"the same as or after {long_date(life.born)}, when the child was born",
        WrongDay.GROWN_UP: f"before {long_date(life.grown_up_on)}, the child’s 18th birthday",
        WrongDay.AFTER_DEATH: f"the same as or before {long_date(life.died)}, when the child died" if life.died else "",
    }
    return ValidationError(f"{label} must be {told[wrong]}", code=wrong)
