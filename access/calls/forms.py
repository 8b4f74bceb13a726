"""The forms of a mediated call: who is asking, and the code they read out."""

import re
from collections.abc import Callable
from typing import Any

from allauth.core.internal import ratelimit
from allauth.mfa.base.forms import BaseAuthenticateForm
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from access.calls.selectors import Means, means_of
from access.door.actors import user_of
from access.models import User
from access.models.addresses import is_address

SHORTEST_NAME = 3
TOO_MANY_BY_COLLEAGUE = (
    "Too many wrong codes for this person. Nobody can use a code of theirs for up to an hour. "
    "Tell them, and if you do not know their voice, tell your management team"
)
TOO_MANY_BY_MEDIATOR = "You have entered too many wrong codes. Wait an hour, or ask another mediator"


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

    Only for a colleague who has a means. A wrong code counts against the colleague's account, as if they had typed it,
    and against the mediator, who might otherwise try one code on everybody. What cannot be a code is not tried. Once
    the form is valid, `authenticator` is the means that the code was of.
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
        forget = self._count_for_mediator()
        try:
            code: str = super().clean_code()
        except ValidationError as error:
            wrong = error.code == "incorrect_code"
            raise ValidationError(WRONG[self.means] if wrong else TOO_MANY_BY_COLLEAGUE) from None
        forget()
        return code

    def _count_for_mediator(self) -> Callable[[], None]:
        """Count a try of the mediator's. Returns what takes it back."""
        key = f"mediator-{user_of(self.request).pk}"
        counted = ratelimit.consume(self.request, app="allauth.account", action="read_out_failed", key=key)
        if counted is None:
            raise ValidationError(TOO_MANY_BY_MEDIATOR)
        forget: Callable[[], None] = counted.rollback
        return forget
