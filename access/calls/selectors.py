"""Reading how a colleague on the telephone can show who they are."""

from enum import StrEnum

from allauth.mfa.models import Authenticator

from access.models import User


class Means(StrEnum):
    """With what a colleague can show over the telephone who they are."""

    APP = "app"
    RECOVERY_CODE = "recovery code"
    NONE = "none"


def means_of(colleague: User) -> Means:
    """Their authenticator app where they have one. A passkey cannot be read out: then one of their recovery codes."""
    kinds = set(Authenticator.objects.filter(user=colleague).values_list("type", flat=True))
    if Authenticator.Type.TOTP in kinds:
        return Means.APP
    return Means.RECOVERY_CODE if Authenticator.Type.RECOVERY_CODES in kinds else Means.NONE
