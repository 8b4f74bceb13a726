"""The forms of signing in: an e-mail address and a password, or what a passkey answers."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from access.models import User
from access.models.addresses import plain_address
from access.models.user import email_fingerprint
from access.sign_in import authorities, guessing
from access.sign_in.guessing import Proof


def _new_password(label: str, required: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, strip=False, widget=widget, error_messages={"required": required})


class AddressField(forms.EmailField):
    """An e-mail address of somebody who is known, however it was typed or pasted."""

    def to_python(self, value: Any) -> str:
        return plain_address(super().to_python(value) or "")


class SignInForm(LoginForm):  # type: ignore[misc]
    """allauth's form, asking for an e-mail address and passing on only its fingerprint."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = AddressField(
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


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """allauth's form in our words."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        labels = {"oldpassword": "Current password", "password1": "New password", "password2": "New password again"}
        for name, label in labels.items():
            self.fields[name].label = label

    def clean_oldpassword(self) -> str:
        with guessing.counted(context.request, Proof.PASSWORD, self.user.email_fingerprint):
            password: str = super().clean_oldpassword()
        return password


class FirstPasswordForm(forms.Form):
    """The password of somebody who accepts an invitation, by the same rules as a changed one."""

    password1 = _new_password("Choose a password", "Enter the password that you choose")
    password2 = _new_password("The same password again", "Enter the same password again")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        given = [self.cleaned_data.get(name) for name in ("password1", "password2")]
        if all(given) and given[0] != given[1]:
            self.add_error("password2", "The two passwords are not the same. Enter both again")
        return self.cleaned_data


class AuthorityForm(forms.Form):
    """Through whose identity provider somebody signs in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["authority"] = forms.ChoiceField(
            label="Who do you sign in with?",
            choices=authorities.choices(),
            widget=forms.RadioSelect,
            error_messages={"required": "Select who you sign in with"},
        )


class SecurityCode:
    """A form that asks for a code says so in our words when there is none."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].error_messages["required"] = "Enter your security code"  # type: ignore[attr-defined]


class CountedCode(SecurityCode):
    """A code of somebody's, which might be guessed. allauth would count wrong ones by person."""

    user: User

    def clean_code(self) -> str:
        with guessing.counted(context.request, Proof.CODE, self.user.email_fingerprint):
            code: str = super().clean_code()  # type: ignore[misc]
        return code


class CodeForm(CountedCode, AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class ConfirmCodeForm(CountedCode, ReauthenticateForm):  # type: ignore[misc]
    """A code, asked for again before something sensitive."""


class FirstCodeForm(SecurityCode, ActivateTOTPForm):  # type: ignore[misc]
    """The code that shows that an authenticator app was set up."""


# What fido2 raises where a browser's answer lacks a part, or a part is of another type.
MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class CredentialField(forms.JSONField):
    """What an authenticator answered. One nested deeper than Python reads is malformed like any other."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class PasskeyAnswer:
    """An answer that no authenticator made is a wrong one, like any other; allauth lets fido2's own errors through."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["credential"] = CredentialField()  # type: ignore[attr-defined]

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None


class CountedAnswer(PasskeyAnswer):
    """The answer of a passkey in the place of a code, counted like one."""

    user: User

    def clean_credential(self) -> Any:
        with guessing.counted(context.request, Proof.CODE, self.user.email_fingerprint):
            return super().clean_credential()


class PasskeySignInForm(PasskeyAnswer, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of password and code.

    Not counted by account, which whoever answers may choose; by address alone (MFA_RATE_LIMITS). It cannot be guessed.
    """


class PasskeyCodeForm(CountedAnswer, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of the code."""


class PasskeyConfirmForm(CountedAnswer, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey, asked for again before something sensitive."""


class PasskeyPlaceField(forms.ChoiceField):
    """Where a passkey is, instead of a name of one's own choice: allauth keeps it unsealed."""

    def __init__(self) -> None:
        places = ("This computer", "My telephone", "My tablet", "A security key", "Another device")
        super().__init__(
            label="Where is this passkey?",
            choices=[(place, place) for place in places],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose where this passkey is"},
        )


class EditPasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another place for a passkey."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"] = PasskeyPlaceField()


class RemovePasskeyForm(DeactivateTOTPForm):  # type: ignore[misc]
    """Asks before a passkey goes what allauth asks before an authenticator app goes: whether another factor stays."""


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"] = PasskeyPlaceField()
        self.fields["credential"] = CredentialField()

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None
        return cleaned
