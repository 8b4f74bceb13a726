"""The sign-in form: an e-mail address and a password."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms

from access.models.user import email_fingerprint


class SignInForm(LoginForm):  # type: ignore[misc]
    """allauth's form, asking for an e-mail address and passing on only its fingerprint."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = forms.EmailField(
            label="E-mail address",
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
            error_messages={
                "required": "Enter your e-mail address",
                "invalid": "Enter an e-mail address in the correct format, like name@example.com",
            },
        )
        self.fields["password"].error_messages["required"] = "Enter your password"
        self.order_fields(["login", "password"])

    def user_credentials(self) -> dict[str, str]:
        return {
            "username": email_fingerprint(self.cleaned_data["login"]),
            "password": self.cleaned_data["password"],
        }
