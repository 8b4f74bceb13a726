"""What an administrator reads of a link that was mailed: what it waits for, and what to do where it did not arrive."""

from datetime import timedelta

import pytest
from django.utils import timezone

from access.models import Invitation, InvitationPurpose, User, UserState
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.access import lives
from tests.integration.access.at_desk import Desk, page_of, words

NAME = "Zainab Okonkwo-Hughes"
NOT_DELIVERED = "could not be delivered to the address they sign in by"
BEGUN = "Gets a new sign-in, and cannot use the old one"

pytestmark = pytest.mark.usefixtures("own_database")  # a page about a person commits an event first


@pytest.fixture
def teacher(at: Desk) -> User:
    with as_owner_here():
        return factories.user(works_for=at.council.school, name=NAME)


def link(person: User, *, asked: timedelta = timedelta(), purpose: str = "reset", **how: object) -> None:
    """Asked for that long ago."""
    with as_owner_here():
        made = Invitation.objects.create(user=person, purpose=purpose)
        Invitation.objects.filter(pk=made.pk).update(asked_at=timezone.now() - asked, **how)


def refused(person: User, *, purpose: str = "reset") -> None:
    link(person, purpose=purpose, refused_at=timezone.now())


def sent(person: User, *, asked: timedelta = timedelta(), expires_in: timedelta = timedelta(hours=1)) -> None:
    now = timezone.now()
    made_up = {"token_fingerprint": "made up", "sent_at": now - timedelta(days=1), "expires_at": now + expires_in}
    link(person, asked=asked, **made_up)


def in_state(person: User, state: UserState) -> None:
    with as_owner_here():
        User.objects.filter(pk=person.pk).update(state=state)


def read(at: Desk) -> str:
    return words(at.first.get(page_of(at.first, NAME)))


def test_invitation_that_did_not_arrive_says_what_to_do(at: Desk) -> None:
    """Also where the mail server was never asked, since the sealed address was another."""
    refused(lives.invited(at.council), purpose="join")

    page = read(at)

    assert f"Invited, but the e-mail {NOT_DELIVERED}. Send another link if the address is right." in page
    assert "withdraw the invitation and invite the right one" in page
    assert "mail server" not in page
    assert "E-mail could not be delivered" in page


@pytest.mark.parametrize(
    ("state", "first"), [(UserState.ACTIVE, "let them go"), (UserState.JOINING, "withdraw their invitation")]
)
def test_new_sign_in_that_did_not_arrive_says_what_to_do(at: Desk, teacher: User, state: UserState, first: str) -> None:
    in_state(teacher, state)
    refused(teacher)

    page = read(at)

    assert f"{BEGUN}. The e-mail with the link {NOT_DELIVERED}. Ask for another." in page
    assert f"If they no longer have that address, {first} and invite them at the one that they have." in page
    assert "mail server" not in page


@pytest.mark.parametrize(
    ("asked", "says"),
    [(timedelta(), "the e-mail with the link is on its way"), (timedelta(minutes=11), "We go on trying")],
)
@pytest.mark.parametrize("purpose", InvitationPurpose)
def test_link_that_is_put_off_for_long_is_said_to_be(
    at: Desk, teacher: User, purpose: InvitationPurpose, asked: timedelta, says: str
) -> None:
    with as_owner_here():
        if purpose == InvitationPurpose.JOIN:
            User.objects.filter(pk=teacher.pk).update(state=UserState.INVITED)
        User.objects.filter(pk=teacher.pk).update(state_at=timezone.now() - timedelta(days=1))
    link(teacher, asked=asked, purpose=purpose)

    assert says in read(at)


def test_link_from_before_they_were_let_in_is_dead_and_said_to_be(at: Desk, teacher: User) -> None:
    sent(teacher, asked=timedelta(days=1))

    assert f"{BEGUN}. The link in the e-mail stopped working when they were let in. Ask for another." in read(at)


def test_newer_link_to_join_is_the_one_that_is_told_of(at: Desk, teacher: User) -> None:
    """They left before they used the other, and joined again: with this one they set everything up anew."""
    sent(teacher, expires_in=-timedelta(minutes=1))
    in_state(teacher, UserState.JOINING)
    link(teacher, purpose="join")

    assert f"{BEGUN}: the e-mail with the link is on its way." in read(at)
