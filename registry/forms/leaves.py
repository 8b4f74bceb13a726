"""Who may still see a protected child, and until when."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from access.models.addresses import plain_address
from access.people.addresses import problem_with
from access.people.forms import LONGEST_ADDRESS
from pages.form_fields import DateField
from pages.wording import long_date
from registry.forms.choosing import StepForm


class AddressField(forms.CharField):
    """The address by which somebody signs in."""

    def __init__(self, **options: Any) -> None:
        told = {"required": "Enter the e-mail address by which they sign in"}
        super().__init__(max_length=LONGEST_ADDRESS, error_messages=told, **options)

    def clean(self, value: Any) -> str:
        address = plain_address(super().clean(value))
        if problem := problem_with(address):
            raise ValidationError(problem)
        return address


class AskLeaveForm(forms.Form):
    """Who may see the child, and until which day: the one of the next review at the latest."""

    email = AddressField(
        label="E-mail address by which they sign in",
        help_text="Their own at work. Ask them for it. They may work for any organisation that uses this service",
    )
    until = DateField(label="The last day on which they may see it", future=True)

    def __init__(self, *args: Any, review_on: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.review_on = review_on
        self.fields["until"].help_text = f"The next review is on {long_date(review_on)}. It cannot be later than that"

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until < timezone.localdate():
            raise ValidationError("The last day on which they may see it must be today or later")
        if until > self.review_on:
            raise ValidationError(
                f"The last day on which they may see it must be {long_date(self.review_on)} or earlier"
            )
        return until


class GiveLeaveForm(StepForm):
    """Whoever gives leave names the person as well."""

    email = AddressField(
        label="E-mail address by which they sign in",
        help_text="Ask whoever asked for it, or the person, on a number that you know. Both of you must name the same",
    )
