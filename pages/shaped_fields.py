"""Boxes for what has a known shape, such as a postcode or a telephone number, and what is said of anything else."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from pages import postcodes, telephones
from pages.telephones import Mistake
from pages.typed import plain

TELEPHONE_MISTAKES = {
    Mistake.NO_AREA_CODE: "Telephone number must include the area code, like 0161 496 0000",
    Mistake.LETTERS: "Telephone number must only include numbers, and an extension if it has one, "
    "like 0161 496 0000 extension 23",
    Mistake.EXTENSION: "Extension must be 1 to 5 numbers, like 0161 496 0000 extension 23",
    Mistake.SECOND: "Enter one telephone number. Write an extension like this: 0161 496 0000 extension 23",
    Mistake.SHORT: "Enter the service’s own number with its area code, like 0161 496 0000. "
    "A short number, like 101, is not answered by the same people everywhere",
}


class PlainField(forms.CharField):
    """Text in one way of writing; how long it is counts after what nobody sees has gone."""

    def to_python(self, value: Any) -> str:
        return plain(str(super().to_python(value)))


class ShapedField(PlainField):
    """Text of a known shape. What is wrong with it is told in the words of what is wanted."""

    wanted: str

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages |= dict.fromkeys(("max_length", "null_characters_not_allowed"), self.wanted)

    def mistake(self) -> ValidationError:
        return ValidationError(self.wanted, code="shape")


class PostcodeField(ShapedField):
    """A full postcode, its first part, or that with the digit that follows."""

    wanted = "Enter a full postcode, like M33 4AB, or its first part, like M33"

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 30)
        options.setdefault("widget", forms.TextInput(attrs={"class": "govuk-input--width-10"}))
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        readings = postcodes.read_postcode(typed)
        if len(readings) > 1:
            either = f"This can be read as {' or '.join(readings)}. Enter the one that you mean"
            raise ValidationError(either, code="either")
        if typed and not readings:
            raise self.mistake()
        return readings[0] if readings else ""


class FullPostcodeField(PostcodeField):
    """A full postcode."""

    wanted = "Enter a full postcode, like M33 4AB"

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        if code and not postcodes.is_full(code):
            raise self.mistake()
        return code


class TelephoneField(ShapedField):
    """A telephone number that can be rung from anywhere in England, kept as pages.telephones keeps them."""

    wanted = "Enter a telephone number, like 0161 496 0000 or 07700 900 982"

    def __init__(self, **options: Any) -> None:
        attributes = {"type": "tel", "inputmode": "tel", "class": "govuk-input--width-20"}
        options.setdefault("max_length", 40)
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(**options)
        self.error_messages["required"] = "Enter a telephone number, like 0161 496 0000"

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return telephones.normalise(typed)
        except telephones.InvalidTelephoneError as refused:
            raise ValidationError(TELEPHONE_MISTAKES.get(refused.mistake, self.wanted), code=refused.mistake) from None
