"""What is known of a child, checked and put in one way of writing. Every error says what to do next."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from pages.shaped_fields import PostcodeField
from pages.wording import long_date
from registry.forms.fields import AgeField, BirthField, HouseField, NameField, NumberField, Partly, StreetField
from registry.rules import retention
from registry.search import normalise
from registry.search.criteria import MINIMUM, SHORTEST_NAME, Criteria
from registry.vocabulary import Gender

OLDEST = retention.KEPT_TO
GENDERS = (Gender.FEMALE, Gender.MALE)  # of which a search may name one
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
        choices=[("", "Any"), *((each, each.label) for each in GENDERS)],
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
