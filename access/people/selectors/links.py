"""How the link that somebody was mailed stands, in words for whoever looks after them, with what to do."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from access.models import SIGNING_IN, Invitation, InvitationPurpose, User, UserState
from pages.wording import long_date, long_moment

# A link that was not sent by then is put off, by a mail server or by how much there is to send.
SENT_WITHIN = timedelta(minutes=10)


def links_of(user: User) -> QuerySet[Invitation]:
    """Every link for the user, the newest first."""
    # Never the fingerprint of a link: the web role may not read it.
    return Invitation.objects.filter(user=user).defer("token_fingerprint").order_by("-pk")


def invitation_in_words(user: User) -> str:
    """How it stands with somebody who was invited and has not accepted."""
    newest = links_of(user).first()
    if newest is None:
        return "Invited: the e-mail with the link is on its way."
    if newest.refused_at:
        return (
            "Invited, but the e-mail could not be delivered to the address they sign in by. Send another link if the "
            "address is right. If not, withdraw the invitation and invite the right one."
        )
    if newest.expires_at and newest.expires_at <= timezone.now():
        return f"Invited, but the link ran out on {long_date(timezone.localdate(newest.expires_at))}. Send another."
    return f"Invited: {_under_way(newest)}."


def new_sign_in_in_words(user: User) -> str:
    """That the user has not used the link to a new sign-in yet; empty where they need none.

    The database asks the same (access/sql/functions/access_awaits_new_sign_in.sql).
    """
    links = list(links_of(user))
    unused = next((one for one in links if one.purpose == InvitationPurpose.RESET and one.used_at is None), None)
    if (
        user.state not in SIGNING_IN
        or user.is_stopped
        or unused is None
        or any(one.used_at and one.pk > unused.pk for one in links)
    ):
        return ""
    begun, link = "Gets a new sign-in, and cannot use the old one", links[0]  # a newer one, to join, does the same
    if link.refused_at:
        first = "withdraw their invitation" if user.state == UserState.JOINING else "let them go"
        return (
            f"{begun}. The e-mail with the link could not be delivered to the address they sign in by. Ask for another."
            f" If they no longer have that address, {first} and invite them at the one that they have."
        )
    if link.purpose == InvitationPurpose.RESET and user.state_at and link.asked_at < user.state_at:
        return f"{begun}. The link in the e-mail stopped working when they were let in. Ask for another."
    if link.expires_at and link.expires_at <= timezone.now():
        return f"{begun}. The link in the e-mail ran out on {long_moment(link.expires_at)}. Ask for another."
    return f"{begun}: {_under_way(link)}."


def _under_way(link: Invitation) -> str:
    if link.sent_at:
        return "waits for them to open the link in the e-mail"
    if timezone.now() - link.asked_at > SENT_WITHIN:
        return "the e-mail with the link could not be sent yet. We go on trying"
    return "the e-mail with the link is on its way"
