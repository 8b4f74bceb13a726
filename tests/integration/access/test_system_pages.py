"""The pages on which systems are asked for, accredited and revoked."""

import json
import re
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from joserfc.jwk import ECKey, RSAKey

from access.models import ClientSystem, Failure, OrganisationKind, Role, StopReason, StopScope, SystemPurpose
from access.organisations.actions.stopping import stop
from access.systems.actions.systems import NewSystem, accredit_system, ask_for_system
from access.systems.addresses import MOST_ADDRESSES
from access.systems.telling import keeping
from audit.errors import NoLiveSessionError, refusals
from audit.events import EventKind
from tests import factories
from tests.conftest import OwnerContext
from tests.log import events, last_event

LIST, ASK, BACK = "/systems/", "/systems/ask/", "https://files.example.org/back"
A_KEY = ECKey.generate_key("P-256", parameters={"kid": "first"})


class Place:
    """An authority with two administrators, its school, and somebody who administers another authority."""

    def __init__(self) -> None:
        self.authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        self.school = factories.organisation(authority=self.authority)
        self.first, self.second = (factories.user(role=Role.ADMINISTRATOR, works_for=self.authority) for _ in range(2))
        self.stranger = factories.user(role=Role.ADMINISTRATOR)
        factories.organisation(authority=self.stranger.organisation)
        self.asking, self.deciding = factories.signed_in(self.first), factories.signed_in(self.second)


@pytest.fixture
def place(as_owner: OwnerContext) -> Place:
    with as_owner():
        return Place()


def filled(place: Place, **other: str) -> dict[str, str]:
    return {
        "name": "Case <files>",
        "organisation": place.authority.directory_code,
        "purpose": "people",
        "addresses": f"{BACK}\n\n  http://127.0.0.1:8080/back \n{BACK}",
        "keys": json.dumps(A_KEY.as_dict(private=False)),
        "days": "180",
        **other,
    }


def asked_for(place: Place, **other: str) -> ClientSystem:
    """A system that the first administrator asked for on the page."""
    sent = place.asking.post(ASK, filled(place, **other))
    assert sent.status_code == HTTPStatus.FOUND, text_of(sent)
    return known()


def known() -> ClientSystem:
    return ClientSystem.objects.get()


def text_of(page: Any) -> str:
    return " ".join(unescape(page.content.decode()).split())


def page_of(browser: Client, system: ClientSystem, step: str = "") -> str:
    return text_of(browser.get(f"{LIST}{system.pk}/{step}"))


def test_asked_for_by_one_and_accredited_by_another(place: Place) -> None:
    system = asked_for(place)
    told = last_event(kind=EventKind.SYSTEM_ASKED)
    assert (told.actor_id, told.fields) == (place.first.pk, [str(place.authority.pk), str(system.pk)])
    assert system.addresses == [BACK, "http://127.0.0.1:8080/back"]
    assert system.keys["keys"] == [{**A_KEY.as_dict(private=False), "use": "sig"}]
    assert system.accredited_until == factories.today() + timedelta(days=180)
    assert "1 system waits for you to accredit it" in text_of(place.deciding.get("/"))

    page = page_of(place.deciding, system)
    assert [each for each in (BACK, A_KEY.thumbprint(), "first", system.client_id) if each not in page] == []
    assert "<files>" in page
    accredit = reverse("accredit_system", args=[system.pk])
    assert accredit in page
    assert A_KEY.thumbprint() in text_of(place.deciding.get(accredit))
    done = place.deciding.post(accredit, follow=True)

    assert "is accredited until" in text_of(done)
    assert known().accredited_by_id == place.second.pk
    assert last_event(kind=EventKind.SYSTEM_ACCREDITED).actor_id == place.second.pk
    listed = text_of(place.asking.get(LIST))
    assert "Good" in listed
    assert "until" in listed
    assert "to accredit it" not in text_of(place.deciding.get("/"))


def test_software_that_tells_who_has_left_has_no_address_to_come_back_to(place: Place) -> None:
    system = asked_for(place, purpose="leavers", addresses="")
    assert (system.purpose, system.addresses, system.feed) == (SystemPurpose.LEAVERS, [], None)
    page = page_of(place.deciding, system, "accredit/")
    assert "It tells who has left" in page
    assert "People come back to" not in page
    assert "suspend each of them or say that they have left for good" in page
    place.deciding.post(reverse("accredit_system", args=[system.pk]))
    assert "with the tokens that it has" in page_of(place.deciding, system, "revoke/")
    assert "It tells who has left" in text_of(place.asking.get(LIST))


@pytest.mark.parametrize("box", ["addresses", "telling_address"])
def test_software_in_which_nobody_works_has_no_address(place: Place, box: str) -> None:
    typed = {"purpose": "leavers", "addresses": "", box: "https://files.example.org/there"}
    assert "nobody works in it" in text_of(place.asking.post(ASK, filled(place, **typed)))
    assert not ClientSystem.objects.exists()


def test_whoever_asked_is_told_that_another_must(place: Place) -> None:
    system = asked_for(place)
    page = page_of(place.asking, system)

    assert "You asked for it, so another administrator must accredit it" in page
    accredit = reverse("accredit_system", args=[system.pk])
    assert accredit not in page
    assert place.asking.get(accredit).url == reverse("system", args=[system.pk])
    refused = place.asking.post(accredit)
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert "Somebody else must decide this" in text_of(refused)
    assert known().accredited_at is None


def test_revoked_by_either_once(place: Place) -> None:
    system = asked_for(place)
    place.deciding.post(reverse("accredit_system", args=[system.pk]))
    revoke = reverse("revoke_system", args=[system.pk])
    assert "It is refused at once" in text_of(place.asking.get(revoke))
    place.asking.post(revoke)

    page = page_of(place.asking, system)
    assert "Revoked" in page
    assert revoke not in page
    assert place.deciding.get(revoke).url == reverse("system", args=[system.pk])
    place.deciding.post(revoke)
    assert len(events(kind=EventKind.SYSTEM_REVOKED)) == 1
    assert place.deciding.post(reverse("accredit_system", args=[system.pk])).status_code == HTTPStatus.CONFLICT


def test_what_was_asked_for_is_refused(place: Place) -> None:
    system = asked_for(place)
    refuse = reverse("revoke_system", args=[system.pk])
    assert "Nobody can accredit it then" in text_of(place.deciding.get(refuse))
    place.deciding.post(refuse)

    assert "Refused" in page_of(place.asking, system)
    assert "Refused" in text_of(place.asking.get(LIST))
    assert place.deciding.post(reverse("accredit_system", args=[system.pk])).status_code == HTTPStatus.CONFLICT
    assert "to accredit it" not in text_of(place.deciding.get("/"))


def test_what_nobody_accredited_in_time_can_only_be_asked_for_anew(place: Place, as_owner: OwnerContext) -> None:
    with as_owner():
        system = ClientSystem(
            organisation=place.authority,
            client_id="asked-for-long-ago",
            name="Case files",
            addresses=[BACK],
            keys={"keys": []},
            accredited_until=factories.today() - timedelta(days=1),
            asked_by=place.first,
        )
        system.save()

    assert "Nobody accredited it in time. Ask for it anew." in page_of(place.deciding, system)
    accredit = reverse("accredit_system", args=[system.pk])
    assert place.deciding.get(accredit).url == reverse("system", args=[system.pk])
    assert "Run out" in text_of(place.deciding.get(LIST))
    assert "Its time is over" in text_of(place.deciding.post(accredit))
    assert "to accredit it" not in text_of(place.deciding.get("/"))


def test_state_follows_the_organisation(place: Place, as_owner: OwnerContext) -> None:
    system = asked_for(place, organisation=place.school.directory_code)
    place.deciding.post(reverse("accredit_system", args=[system.pk]))
    actor = factories.actor_for(place.second)
    stop(actor=actor, scope=StopScope.ORGANISATION, target=place.school.pk, reason=StopReason.STOLEN)

    assert "Organisation stopped" in text_of(place.asking.get(LIST))


def test_systems_of_other_organisations_are_not_there(place: Place) -> None:
    system = asked_for(place)
    browser = factories.signed_in(place.stranger)

    assert system.name.open() not in text_of(browser.get(LIST))
    for step in ("", "accredit/", "revoke/"):
        address = f"{LIST}{system.pk}/{step}"
        assert browser.get(address).status_code == HTTPStatus.NOT_FOUND
        if step:
            assert browser.post(address).status_code == HTTPStatus.NOT_FOUND
    elsewhere = text_of(browser.post(ASK, filled(place)))
    assert "None of the organisations that you look after fits" in elsewhere


def test_database_tells_whether_a_system_is_good_to_whoever_looks_after_it_alone(place: Place) -> None:
    system = asked_for(place)
    told = []
    for person in (place.second, place.stranger):
        factories.show(factories.actor_for(person))
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, standing FROM access_system_standings(%s)", [[system.pk]])
            told.append(cursor.fetchall())
    assert told == [[(system.pk, "waiting")], []]


def test_whoever_looks_after_one_organisation_is_not_asked_which(as_owner: OwnerContext) -> None:
    with as_owner():
        alone = factories.user(role=Role.ADMINISTRATOR)
    browser = factories.signed_in(alone)
    assert "Whose is it?" not in text_of(browser.get(ASK))
    sent = {
        "name": "Personnel system",
        "purpose": "leavers",
        "keys": json.dumps(A_KEY.as_dict(private=False)),
        "days": "365",
    }
    browser.post(ASK, sent)

    assert known().organisation_id == alone.organisation_id


@pytest.mark.parametrize(
    "role", [Role.PRACTITIONER, Role.MEDIATOR, Role.AUDITOR], ids=["practitioner", "mediator", "auditor"]
)
def test_nobody_else_sees_or_asks(place: Place, as_owner: OwnerContext, role: Role) -> None:
    system = asked_for(place)
    with as_owner():
        other = factories.user(role=role, works_for=place.authority)
    browser = factories.signed_in(other)

    for address in (LIST, ASK, f"{LIST}{system.pk}/", f"{LIST}{system.pk}/accredit/", f"{LIST}{system.pk}/revoke/"):
        assert browser.get(address).status_code == HTTPStatus.FORBIDDEN
    assert browser.post(f"{LIST}{system.pk}/accredit/").status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    ("box", "typed", "says"),
    [
        ("name", "", "Enter what people call it"),
        ("name", "x" * 61, "What people call it must be 60 characters or fewer"),
        ("addresses", " \n ", "Enter at least one address"),
        ("addresses", f"{BACK}\nhttp://files.example.org/", "Address 2: Enter an address that begins with https://"),
        ("addresses", "https://a@files.example.org/", "Leave out the user name"),
        ("addresses", "https://*.example.org/", "Enter it whole and without spaces"),
        ("addresses", "\n".join(f"{BACK}{n}" for n in range(MOST_ADDRESSES + 1)), "Enter at most 10 addresses"),
        ("keys", "", "Enter its public keys"),
        ("keys", "{", "Enter public keys as a JSON Web Key"),
        ("keys", '{"keys": [{"kty": "EC"}]}', "Key 1 is none that can be used"),
        ("days", "366", "Select a valid choice"),
        ("purpose", "", "Choose what it is there for"),
        ("purpose", "all", "Select a valid choice"),
        ("feed", "1", "Select a valid choice"),
        ("organisation", "nowhere", "None of the organisations that you look after fits"),
    ],
)
def test_what_is_wrong_is_said_beside_its_box_and_nothing_typed_is_lost(
    place: Place, box: str, typed: str, says: str
) -> None:
    sent = filled(place, **{box: typed})
    response = place.asking.post(ASK, sent)
    shown = unescape(response.content.decode())

    assert "There is a problem" in shown
    assert f'id="id_{box}-error"' in shown or f'id="id_{box}_0-error"' in shown or box == "days"
    assert says in shown
    assert [name for name in ("name", "addresses", "keys") if sent[name].strip() not in shown] == []
    assert not events(kind=EventKind.SYSTEM_ASKED)


@pytest.mark.parametrize("kind", ["jwk", "pem"])
def test_private_key_is_refused_and_not_shown_again(place: Place, kind: str) -> None:
    private = RSAKey.generate_key(2048)
    pasted = json.dumps(private.as_dict(private=True)) if kind == "jwk" else private.as_pem(private=True).decode()
    shown = text_of(place.asking.post(ASK, filled(place, keys=pasted)))

    assert "This is a private key." in shown
    assert "it must never be used" in shown
    assert private.as_dict(private=True)["d"][:30] not in shown
    assert pasted[40:80] not in shown
    assert BACK in shown
    assert not events(kind=EventKind.SYSTEM_ASKED)


def test_database_lets_nobody_accredit_for_longer_than_a_year(place: Place) -> None:
    until = factories.today() + timedelta(days=367)
    new = NewSystem(place.authority.pk, "Case files", [BACK], {"keys": []}, until)
    first, second = (factories.actor_for(each) for each in (place.first, place.second))
    factories.show(first)
    system = ask_for_system(actor=first, new=new)
    factories.show(second)
    with pytest.raises(NoLiveSessionError), refusals():
        accredit_system(actor=second, system_id=system.pk)
    assert known().accredited_at is None


TOLD_AT = "https://files.example.org/told"


def test_where_it_is_told_is_asked_shown_and_may_be_left_out(place: Place) -> None:
    assert "Told that something changed No" in without_tags(page_of(place.deciding, asked_for(place)))
    sent = place.asking.post(ASK, filled(place, telling_address=f" {TOLD_AT} ", name="Other"))
    assert sent.status_code == HTTPStatus.FOUND
    system = ClientSystem.objects.order_by("-pk")[0]
    assert system.telling_address == TOLD_AT
    for step in ("", "accredit/"):
        assert TOLD_AT in page_of(place.deciding, system, step)


@pytest.mark.parametrize(
    "address", ["http://files.example.org/told", "https://192.0.2.1/", "https://localhost/", "ftp://files.example.org/"]
)
def test_address_at_which_nobody_may_be_told_is_refused_with_what_to_do(place: Place, address: str) -> None:
    refused = place.asking.post(ASK, filled(place, telling_address=address))
    assert "Enter an address that begins with https://" in text_of(refused)
    assert not ClientSystem.objects.exists()


def test_this_machine_is_taken_where_it_is_tried_alone(place: Place, settings: Any) -> None:
    settings.TELLING_ON_THIS_MACHINE = False
    refused = place.asking.post(ASK, filled(place, telling_address="http://127.0.0.1:8099/told"))
    assert "Enter an address that begins with https://" in text_of(refused)
    settings.TELLING_ON_THIS_MACHINE = True
    asked_for(place, telling_address="http://127.0.0.1:8099/told")


def test_how_it_goes_with_telling_it_is_on_its_page_for_its_administrators(
    place: Place, as_owner: OwnerContext
) -> None:
    system = asked_for(place, telling_address=TOLD_AT)
    assert "Given up" not in page_of(place.asking, system)
    with as_owner():
        keeping.note_failed(system.pk, Failure.CERTIFICATE, notices=3)
        keeping.note_given_up(system.pk, 2)
    page = without_tags(page_of(place.asking, system))
    assert "Took something last Never" in page
    assert "Its certificate is not one that we trust" in page
    assert "Not taken since then 3" in page
    assert "Given up 2" in page
    assert "It has not taken anything since" in page
    stranger = factories.signed_in(place.stranger)
    assert stranger.get(f"{LIST}{system.pk}/").status_code == HTTPStatus.NOT_FOUND
    with as_owner():
        keeping.note_taken(system.pk)
    page = without_tags(page_of(place.asking, system))
    assert "It has not taken anything" not in page
    assert "Not taken since then 0" in page


def without_tags(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())
