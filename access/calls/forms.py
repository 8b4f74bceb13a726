"""The forms of a mediated call: who is asking, and the code they read out."""

import re
from collections.abc import Callable
from typing import Any

from allauth.mfa.base.forms import BaseAuthenticateForm
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from access.calls.selectors import Means, means_of
from access.door.actors import user_of
from access.models import User
from access.models.addresses import is_address
from access.sign_in import guessing
from access.sign_in.guessing import Budget

SHORTEST_NAME = 3
BY_MEDIATOR, OF_COLLEAGUE = "read_out_failed", "read_out_colleague"
TOO_MANY = {
    BY_MEDIATOR: "You have entered too many wrong codes. Wait an hour, or ask another mediator",
    OF_COLLEAGUE: "Too many wrong codes for this person. Nobody can use a code that they read out for up to an hour. "
    "They can still sign in. Tell them, and if you do not know their voice, tell your management team",
}


class AskingForm(forms.Form):
    """Who is on the telephone."""

    asked = forms.CharField(
        label="Their e-mail address, or their name",
        max_length=254,
        help_text="Ask for their work e-mail address. If they are not sure, search for their first and last name.",
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
        error_messages={
            "required": "Enter their e-mail address or their name",
            "max_length": "Their e-mail address or name must be 254 characters or fewer",
        },
    )

    def clean_asked(self) -> str:
        asked: str = self.cleaned_data["asked"]
        if not is_address(asked) and len(re.sub(r"\W", "", asked)) < SHORTEST_NAME:
            raise ValidationError("Enter at least 3 letters of their name")
        return asked


class OnceInput(forms.TextInput):
    """A box for what is good once: it comes back empty, to be filled with another."""

    def format_value(self, value: Any) -> None:
        """Nothing, whatever was typed."""


SHAPES = {
    Means.APP: (re.compile("[0-9]{6}"), "Enter the 6 digits that their authenticator app shows now"),
    Means.RECOVERY_CODE: (re.compile("[0-9]{8}"), "Enter the 8 digits of one of their recovery codes"),
}
WRONG = {
    Means.APP: "This code is not right any more, or was used. Ask for the one that their app shows now",
    Means.RECOVERY_CODE: "This code is not right, or was used. Ask for another of their recovery codes",
}


class ReadOutCodeForm(BaseAuthenticateForm):  # type: ignore[misc]
    """The code that the colleague reads out, checked as at a sign-in of their own: each code once, their tries counted.

    Only for a colleague who has a means. A wrong code counts against the mediator, who might otherwise try one code on
    everybody, and against what is read out in the colleague's name, but not at the sign-in: whoever rings in their name
    must not lock them out there. What cannot be a code is not tried. Once the form is valid, `authenticator` is the
    means that the code was of.
    """

    def __init__(self, *args: Any, request: HttpRequest, colleague: User, **options: Any) -> None:
        super().__init__(*args, user=colleague, **options)
        self.request = request
        self.means = means_of(colleague)
        self.fields["code"] = forms.CharField(
            label="The code they read out",
            max_length=20,
            widget=OnceInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-10"}),
            error_messages={"required": SHAPES[self.means][1], "max_length": SHAPES[self.means][1]},
        )

    def clean_code(self) -> str:
        shape, asking = SHAPES[self.means]
        self.cleaned_data["code"] = re.sub(r"[\s-]", "", self.cleaned_data["code"])
        if not shape.fullmatch(self.cleaned_data["code"]):
            raise ValidationError(asking)
        take_back = self._count()
        try:
            code: str = super().clean_code()
        except ValidationError:
            raise ValidationError(WRONG[self.means]) from None
        take_back()
        return code

    def _count(self) -> Callable[[], None]:
        """Count a try. Returns what takes it back."""
        mediator, colleague = user_of(self.request).pk, self.user.pk
        try:
            return guessing.spend(
                self.request,
                [Budget(BY_MEDIATOR, f"mediator-{mediator}"), Budget(OF_COLLEAGUE, f"colleague-{colleague}")],
            )
        except guessing.SpentError as spent:
            raise ValidationError(TOO_MANY[spent.budget.action]) from None
