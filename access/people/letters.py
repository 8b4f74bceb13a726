"""What the service writes by e-mail: no name, no child, nothing about the person but that they use the service."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

from access.models import Notice, NoticeKind, User
from access.models.addresses import plain_address
from access.models.user import email_fingerprint
from pages.wording import long_date, long_moment

INVITATION = """\
{organisation} has invited you to use {service}.

Open this link to choose a password. It works once, for 14 days, and only for you:

{address}

You will then need an authenticator app on your phone, or a passkey. The page shows what else is missing
until you can use the service, and whose move it is.

If you did not expect this, do nothing, and tell {organisation}.
"""

NEW_SIGN_IN = """\
Two administrators agreed that you get a new sign-in to {service}. Your old password and second step no longer
work, and you are signed out everywhere.

Open this link to choose a new password. It works once, for 24 hours, and only for you:

{address}

You will then need an authenticator app on your phone, or a passkey.

If you did not ask for this, do not use the link, and ring your administrator at once.
"""

VETTING = """\
Something that your access to {service} depends on runs out on {day}.

Sign in and open My access. It shows what runs out, and whose move it is:

{address}

If it is not renewed by then, your access stops by itself, and comes back when it is.
"""
ACCREDITATION = """\
You look after organisations in {service}. The accreditation of {count} of them runs out soon; the first on {day}.

Sign in and open Organisations:

{address}

When it runs out, nobody of that organisation can use the service until it is accredited again.
"""

# What is told of somebody's ways in: what happened, and what to do where it was not them.
CHANGED = """\
{what} on {moment}.

If that was you, there is nothing to do.

If it was not you, somebody else may be able to sign in as you. Ring your administrator at once. Then sign in
and change your password:

{address}
"""
ASKED = """\
{what} on {moment}.

Nothing has changed yet. If another administrator agrees, you are signed out everywhere, your password and second
step no longer work, and we send you a link with which you choose new ones.

If you did not ask for this, ring your administrator at once.
"""
# The letter says neither what it is about nor of whom: whoever else reads it learns that there is a question.
QUESTION = """\
{what} on {moment}.

Sign in and open My access, and then your access history. It shows what is asked, and until when to answer:

{address}

Most questions are asked of people who did what they should. If you do not want to answer there, ring the
management team of your organisation.
"""
QUESTION_LATE = """\
{what}. We write of it this once, on {moment}.

Sign in and open My access, and then your access history. It shows what is asked:

{address}

Most questions are asked of people who did what they should, and a few words from a list answer them. If you do not
want to answer there, ring the management team of your organisation.
"""
# To those who decide about shields. It names neither the child nor who opened the record.
OVERRIDDEN = """\
{what} on {moment}.

It shows where a protected child lives. Sign in and open Protected children: it shows which record it was, and who
opened it. Ring them, and find out whether the family must be told, or brought to safety, today:

{address}

Auditors look into it as well.
"""
NOTICES: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.PASSWORD: ("The password with which you sign in to {service} was changed", CHANGED),
    NoticeKind.FACTOR_ADDED: ("A second step with which you sign in to {service} was added", CHANGED),
    NoticeKind.FACTOR_REMOVED: ("A second step with which you sign in to {service} was removed", CHANGED),
    NoticeKind.CODES: (
        "New recovery codes for signing in to {service} were made for you. The ones before stopped working",
        CHANGED,
    ),
    NoticeKind.RESET_ASKED: ("An administrator asked that you get a new sign-in to {service}", ASKED),
    NoticeKind.RESET_DONE: (
        "With the link in our last e-mail a new password for {service} was chosen. Your second steps were removed",
        CHANGED,
    ),
    NoticeKind.QUESTION: ("An auditor of {service} asked you a question about what you did there", QUESTION),
    NoticeKind.QUESTION_LATE: (
        "A question that an auditor of {service} asked you was not answered in time",
        QUESTION_LATE,
    ),
    NoticeKind.OVERRIDDEN: (
        "In {service} somebody opened a protected record in an emergency. Your council answers for it",
        OVERRIDDEN,
    ),
}
# Where the letter leads, and its subject. All others are about how somebody signs in.
LEADS_TO: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.QUESTION: ("my_history", "A question about your use of"),
    NoticeKind.QUESTION_LATE: ("my_history", "A question about your use of"),
    NoticeKind.OVERRIDDEN: ("shields", "A protected record was opened in"),
}


class AddressChangedError(Exception):
    """The sealed address is not the one that the person signs in by."""


def invitation(user: User, secret: str, *, connection: BaseEmailBackend) -> EmailMessage:
    """The letter with the link of that secret, to the user's own address."""
    text = INVITATION.format(
        organisation=user.organisation.name, service=settings.SERVICE_NAME, address=join_address(secret)
    )
    subject = f"Your invitation to {settings.SERVICE_NAME}"
    return _letter(user, subject, text, connection)


def new_sign_in(user: User, secret: str, *, connection: BaseEmailBackend) -> EmailMessage:
    """The letter with the link of that secret, with which the user sets up what they sign in with anew."""
    address = f"{settings.SIGN_IN_ADDRESS}{reverse('new_sign_in', args=[secret])}"
    text = NEW_SIGN_IN.format(service=settings.SERVICE_NAME, address=address)
    return _letter(user, f"Your new sign-in to {settings.SERVICE_NAME}", text, connection)


def reminder_of_vetting(user: User, days: Sequence[date], *, connection: BaseEmailBackend) -> EmailMessage:
    """The letter to somebody whose own vetting runs out. It does not say what of it."""
    day = long_date(min(days))
    text = VETTING.format(service=settings.SERVICE_NAME, day=day, address=_address("my_access"))
    return _letter(user, f"Your access to {settings.SERVICE_NAME} runs out on {day}", text, connection)


def reminder_of_accreditation(user: User, days: Sequence[date], *, connection: BaseEmailBackend) -> EmailMessage:
    """The letter to an administrator of organisations whose accreditations end on those days. It names none."""
    day = long_date(min(days))
    text = ACCREDITATION.format(
        service=settings.SERVICE_NAME, count=len(days), day=day, address=_address("organisations")
    )
    return _letter(user, f"An accreditation runs out on {day}", text, connection)


def notice(user: User, told: Notice, *, connection: BaseEmailBackend) -> EmailMessage:
    """The letter that tells the user what happened, when, and what to do, or to do if it was not them."""
    what, text = NOTICES[NoticeKind(told.what)]
    page, subject = LEADS_TO.get(NoticeKind(told.what), ("", "Your sign-in to"))
    told_text = text.format(
        what=what.format(service=settings.SERVICE_NAME),
        moment=long_moment(told.happened_at),
        address=_address(page) if page else f"{settings.SIGN_IN_ADDRESS}{reverse('account_change_password')}",
    )
    return _letter(user, f"{subject} {settings.SERVICE_NAME}", told_text, connection)


def join_address(secret: str) -> str:
    """Where an invitation with that secret is accepted."""
    return f"{settings.SIGN_IN_ADDRESS}{reverse('join', args=[secret])}"


def _address(page: str) -> str:
    return f"{settings.SERVICE_ADDRESS}{reverse(page)}"


def _letter(user: User, subject: str, text: str, connection: BaseEmailBackend) -> EmailMessage:
    """To the address by which they sign in, and to no other that a web process sealed in its place.

    Raises AddressChangedError where it is another, ValueDamagedError and KeyMissingError where it does not open.
    """
    address = plain_address(user.email.open())  # nor with a line end beside it, which no header takes
    if email_fingerprint(address) != user.email_fingerprint:
        raise AddressChangedError
    return EmailMessage(subject, text, to=[address], connection=connection)
