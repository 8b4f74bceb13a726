"""Giving somebody who was added from outside of the service a password and an authenticator app."""

from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from access.models import User
from access.models.user import email_fingerprint
from access.sign_in.actions.second_factors import take_turn


@transaction.atomic
def give_secrets(*, email: str, password: str, authenticator_secret: str) -> bool:
    """For whoever has no password and no second factor yet; others keep theirs. Returns whether they were given.

    Run by whoever makes an installation, with the keys and the role of the process that signs people in. Raises
    User.DoesNotExist where nobody has the address.
    """
    user: User = User.objects.get(email_fingerprint=email_fingerprint(email))
    take_turn(user)
    if user.has_usable_password() or user.authenticator_set.exists():  # type: ignore[attr-defined]  # allauth's relation
        return False
    user.keep_password(password)
    TOTP.activate(user, authenticator_secret)
    return True
