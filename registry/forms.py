"""What a practitioner types, checked and put in one way of writing. Every error says what to do next."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.models import Organisation
from audit.reasons import Reason
from pages.form_fields import DateField
from pages.shaped_fields import PostcodeField, TelephoneField
from pages.wording import long_date
from registry import retention
from registry.actions.involvements import Entry
from registry.choosing import choose, radios
from registry.form_fields import AgeField, BirthField, HouseField, NameField, NumberField, Partly, StreetField
from registry.policies import mistakes_of, services_of
from registry.search import normalise
from registry.search.criteria import MINIMUM, SHORTEST_NAME, Criteria
from registry.service_days import Life, WrongDay, wrong_end, wrong_start
from registry.vocabulary import Gender, Service

OLDEST = 18
SO_MUCH_AS_IS_KNOWN = "Leave the day empty, or the day and the month, if you do not know them"
GUESSED = 1  # years by which an age that was guessed may be out
ONE_LETTER = "{label} needs more than an initial, or add the other name and a date of birth or full postcode"


class SearchForm(forms.Form):
    """What is known of the child."""

    given_name = NameField(label="Given name", required=False)
    family_name = NameField(label="Family name", required=False)
    date_of_birth = BirthField(label="Date of birth", help_text=SO_MUCH_AS_IS_KNOWN, required=False)
    age = AgeField(
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
        max_length=40,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        if message := self._another_age():
            self.add_error("age", ValidationError(message, code="another_age"))
        elif cleaned["house"] and not cleaned["street"]:
            self.add_error("street", ValidationError("Enter the street that the house is in", code="no_street"))
        elif not self.criteria().is_enough():
            self._refuse_as_too_thin()
        return cleaned

    def _another_age(self) -> str:
        """What to say where date of birth and age cannot both be right: the search would leave the age out."""
        born, given = self.cleaned_data["date_of_birth"], self.cleaned_data["age"]
        if born is None or given is None:
            return ""
        if isinstance(born, Partly):
            return self._another_age_than_in(born, given)
        now = retention.age(born, self.today)
        if abs(now - given) <= GUESSED:
            return ""
        return f"A child born on {long_date(born)} is {now} now. Correct the date or the age, or empty one of them"

    def _another_age_than_in(self, born: Partly, given: int) -> str:
        last = self.today.year - born.year
        if last - 1 - GUESSED <= given <= last + GUESSED:
            return ""
        return f"A child born in {born.year} turns {last} this year. Correct the date or the age, or empty one of them"

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
        born = values["date_of_birth"]
        in_part = born if isinstance(born, Partly) else None
        return Criteria(
            today=self.today,
            given=values["given_name"],
            family=values["family_name"],
            date_of_birth=None if in_part else born,
            year_of_birth=in_part.year if in_part else None,
            month_of_birth=in_part.month if in_part else None,
            age=values["age"],
            gender=Gender(values["gender"]) if values["gender"] else None,
            postcode=values["postcode"],
            number=values["number"],
            house=values["house"],
            street=values["street"],
        )


class ReasonForm(forms.Form):
    """Why the record is opened; by a mediator in a call, for the colleague, who records nothing."""

    reason = radios(
        "Why do you need to open this record?",
        Reason.choices,
        "Choose the reason why you need to open this record",
    )

    def __init__(self, *args: Any, in_call: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if in_call:
            reason = self.fields["reason"]
            reason.label = "Why does your colleague need this record?"
            reason.error_messages |= choose("Choose the reason why your colleague needs this record")
            reason.choices = [choice for choice in Reason.choices if choice[0] != Reason.KEEP_UP_TO_DATE]  # type: ignore[attr-defined]


class InvolvementForm(forms.Form):
    """An involvement of one's own organisation. Asks for a service only where there is a choice.

    The basis of a sensitive one is asked on a page of its own (registry/basis_forms.py).
    """

    service = radios("Which service?", [], "Choose the service")
    practitioner = NameField(
        label="Practitioner’s name",
        help_text="Who others should ask for. Never write anything about the child",
        error_messages={"required": "Enter the practitioner’s name"},
    )
    telephone = TelephoneField(
        label="Telephone number",
        help_text="The one that is answered, with its extension if it has one, like 0161 496 0000 extension 23",
    )
    started_on = DateField(label="Start date")
    lead = forms.TypedChoiceField(
        label="Is this practitioner the lead professional?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages=choose("Choose whether this practitioner is the lead professional"),
    )

    def __init__(self, *args: Any, organisation: Organisation, life: Life, **options: Any) -> None:
        super().__init__(*args, **options)
        self.life = life
        services = services_of(organisation)
        self.fields["service"].choices = [(each.value, each.label) for each in services]  # type: ignore[attr-defined]
        self.only_service = services[0] if len(services) == 1 else None
        if self.only_service:
            del self.fields["service"]

    def clean_started_on(self) -> date:
        started_on: date = self.cleaned_data["started_on"]
        wrong = wrong_start(started_on, self.life, today=timezone.localdate())
        if wrong:
            raise wrong_day_told("Start date", wrong, self.life)
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
            raise wrong_day_told("End date", wrong, self.life)
        return ended_on


class WithdrawalForm(forms.Form):
    """Why an involvement should never have been recorded."""

    mistake = radios("Why should it not be on this record?", [], "Choose why it should not be on this record")

    def __init__(self, *args: Any, service: Service, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(each.value, each.label) for each in mistakes_of(service)]
        self.fields["mistake"].choices = choices  # type: ignore[attr-defined]


def wrong_day_told(label: str, wrong: WrongDay, life: Life) -> ValidationError:
    """What to do about a day outside the child's life, which names no day that the record does not show."""
    told = {
        WrongDay.NOT_YET: "today or in the past",
        WrongDay.BEFORE_BIRTH: f"the same as or after {long_date(life.born)}, when the child was born",
        WrongDay.GROWN_UP: f"before {long_date(life.grown_up_on)}, the child’s 18th birthday",
        WrongDay.AFTER_DEATH: f"the same as or before {long_date(life.died)}, when the child died" if life.died else "",
    }
    return ValidationError(f"{label} must be {told[wrong]}", code=wrong)
