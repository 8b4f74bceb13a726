"""Where somebody who uses the service lives, as they type it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from pages.shaped_fields import FullPostcodeField, PlainField
from registry.forms.fields import StreetField

LONGEST_HOUSE, LONGEST_STREET = 40, 60
ENDS_WITH_NUMBER = re.compile(r"[0-9][a-z]?$", re.IGNORECASE)


class HouseOrNameField(PlainField):
    """The number or the name of a house: something with a letter or a digit in it."""

    def clean(self, value: Any) -> str:
        house = str(super().clean(value))
        if not any(each.isalnum() for each in house):
            raise ValidationError(self.error_messages["required"], code="required")
        return house


class OwnHomeForm(forms.Form):
    """House, street and postcode of one's own home."""

    house = HouseOrNameField(
        label="House number or name",
        help_text="With the number of the flat, if it has one, like Flat 2, 33",
        max_length=LONGEST_HOUSE,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
        error_messages={
            "required": "Enter the number or the name of the house",
            "max_length": f"House number or name must be {LONGEST_HOUSE} characters or fewer",
            "null_characters_not_allowed": "Enter the number or the name of the house",
        },
    )
    street = StreetField(
        label="Street",
        max_length=LONGEST_STREET,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the name of the street, like Oak Road"},
    )
    postcode = FullPostcodeField(
        label="Postcode",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
        error_messages={"required": "Enter the full postcode, like M33 4AB"},
    )

    def lines(self) -> str:
        """House and street as an address has them: "33 Oak Road", but "Rose Cottage, Mill Lane"."""
        house, street = self.cleaned_data["house"], self.cleaned_data["street"]
        return f"{house} {street}" if ENDS_WITH_NUMBER.search(house) else f"{house}, {street}"
