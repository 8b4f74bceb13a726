"""Inviting somebody from the page, by HTTP."""

import pytest

from access.models import Invitation, Role, UserState
from tests import factories, people
from tests.conftest import OwnerContext
from tests.integration.access import lives
from tests.integration.access.at_desk import INVITE, PEOPLE, Desk, invitation, page_of, words


@pytest.mark.usefixtures("own_database")
def test_somebody_is_invited_from_the_page(at: Desk) -> None:
    response = at.first.post(INVITE, invitation(organisation=at.council.school.name), follow=True)
    assert "Mary O'Neill is invited" in words(response)
    assert "the e-mail with the link is on its way" in words(response)
    user = people.one(state=UserState.INVITED)
    assert Invitation.objects.defer("token_fingerprint").get(user=user).sent_at is None


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("typed", ["Mary O′Neill‑Ward", "\u200eMary\u00a0 O´Neill—Ward", "Ｍary O＇Neill−Ward\u200b"])
def test_somebody_is_invited_by_their_name_however_it_is_typed(at: Desk, typed: str) -> None:
    at.first.post(INVITE, invitation(name=typed, organisation=at.council.school.name), follow=True)
    assert people.one(state=UserState.INVITED).name.open() == "Mary O'Neill-Ward"
    assert "Mary O'Neill-Ward" in words(at.first.post(PEOPLE, {"text": "oʻneill‑ward\u200b"}, follow=True))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "Enter their name"),
        ({"name": "=HYPERLINK()"}, "Names begin with a letter"),
        ({"email": "nobody"}, "This is not an e-mail address"),
        ({"email": "p\u0430ul@example.org"}, "only look like English ones"),
        ({"email": "mary@xn--exmple-cua.org"}, "only look like English ones"),
        ({"role": "king"}, "Select their role"),
        ({"organisation": "Nowhere at all"}, "None of the organisations that you look after fits"),
        ({"organisation": "x" * 400}, "at most 150"),
        ({"name": "Mary " + "x" * 146}, "Name must be 150 characters or fewer"),
        ({"name": "N\x00ul"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(at: Desk, changed: dict[str, str], says: str) -> None:
    told = (
        invitation(organisation=at.council.school.name, **changed)
        if "organisation" not in changed
        else invitation(**changed)
    )
    response = at.first.post(INVITE, told)
    assert says in words(response)
    assert response.status_code == 200
    assert told["email"] in response.content.decode().replace("&#39;", "'")
    assert not people.everybody(state=UserState.INVITED)


def test_an_address_in_use_is_said_beside_it(at: Desk) -> None:
    known = lives.invited(at.council)
    response = at.first.post(INVITE, invitation(email=known.email.open(), organisation=at.council.school.name))
    assert "is in the service already" in words(response)


@pytest.mark.usefixtures("own_database")
def test_another_link_is_sent(at: Desk) -> None:
    user = lives.invited(at.council)
    page = page_of(at.first, "Zainab Okonkwo-Hughes")
    assert "another link within a minute" in words(at.first.post(f"{page}invite-again/", follow=True))
    assert Invitation.objects.filter(user=user).count() == 2


def test_inviting_needs_a_grant(as_owner: OwnerContext) -> None:
    with as_owner():
        nobody = factories.user(role=Role.ADMINISTRATOR, works_for=factories.organisation())
        elsewhere = factories.organisation()
    response = factories.signed_in(nobody).post(INVITE, invitation(organisation=elsewhere.name))
    assert "None of the organisations that you look after fits" in words(response)
