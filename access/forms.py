"""The forms of signing in: an e-mail address and a password, or what a passkey answers."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
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


# What fido2 raises where a browser's answer lacks a part, or a part is of another type.
MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class PasskeyAnswer:
    """An answer that no authenticator made is a wrong one, like any other; allauth lets fido2's own errors through."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None


class PasskeySignInForm(PasskeyAnswer, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of password and code."""


class PasskeyCodeForm(PasskeyAnswer, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of the code."""


class PasskeyConfirmForm(PasskeyAnswer, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey, asked for again before something sensitive."""


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey."""

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None
        return cleaned
