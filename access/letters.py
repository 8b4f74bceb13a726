"""What the service writes by e-mail: no name, no child, nothing about the person but that they use the service."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from access.models import User

INVITATION = """\
{organisation} has invited you to use {service}.

Open this link to choose a password. It works once, for 14 days, and only for you:

{address}

You will then need an authenticator app on your phone, or a passkey. The page shows what else is missing
until you can use the service, and whose move it is.

If you did not expect this, do nothing, and tell {organisation}.
"""


def invitation(user: User, secret: str, *, connection: BaseEmailBackend) -> EmailMessage:
    """The letter with the link of that secret, to the user's own address."""
    text = INVITATION.format(
        organisation=user.organisation.name, service=settings.SERVICE_NAME, address=join_address(secret)
    )
    subject = f"Your invitation to {settings.SERVICE_NAME}"
    return EmailMessage(subject, text, to=[user.email.open()], connection=connection)


def join_address(secret: str) -> str:
    """Where an invitation with that secret is accepted."""
    return f"{settings.SERVICE_ADDRESS}/join/{secret}/"
