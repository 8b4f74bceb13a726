"""People, organisations and children for tests. Make them inside `as_owner()`: the web role may add none of them.

Every value is made up and different each time, so that no test meets what another one left in the cache.
"""

import base64
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import count
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from joserfc.jwk import ECKey, KeySet

from access.calls.actions import begin_call
from access.door.calls import call_of
from access.door.sessions import SessionStore
from access.models import ClientSystem, Organisation, OrganisationKind, Role, SystemPurpose, User, VettingKind
from access.people.actions.people import NewUser, add_user
from access.sign_in import sessions as sign_in_sessions
from access.sign_in.actions.first_secrets import give_secrets
from access.sign_in.adapters import SecondFactorAdapter
from access.systems.actions import acting, fetching
from audit.actors import Actor, Process
from audit.events import EventKind
from audit.recorder import About, record
from registry.actions.children import Draft, add_children
from registry.models import Child
from registry.search import index
from registry.values import Name, Provenance
from registry.vocabulary import Gender, NameKind, Source
from tests.acting_servers import signing_in
from tests.authenticator import code_of

PASSWORD = "a password for tests only"
SETTING_UP = Process("tests")
SETTING_UP_REQUEST = UUID(int=0)
CENSUS = Provenance(Source.SCHOOL_CENSUS, date(2024, 1, 15))

SYSTEM_ADDRESS = "https://files.example.org/signed-in"

_numbers = count(1)


def organisation(
    *,
    kind: OrganisationKind = OrganisationKind.SCHOOL,
    authority: Organisation | None = None,
    accredited_until: date | None = None,
) -> Organisation:
    """An accredited organisation; one that is no authority answers to `authority`, or to a new one."""
    number = next(_numbers)
    if authority is None and kind != OrganisationKind.AUTHORITY:
        authority = organisation(kind=OrganisationKind.AUTHORITY)
    return Organisation.objects.create(
        name=f"{kind.label} {number}",
        kind=kind,
        directory_code=f"{kind}-{secrets.token_hex(8)}",
        telephone="01614960000",
        town="Sale",
        postcode="M33 4AB",
        responsible_authority=authority,
        accredited_until=accredited_until or today() + timedelta(days=365),
    )


def user(
    *,
    role: Role = Role.PRACTITIONER,
    works_for: Organisation | None = None,
    vetted: bool = True,
    authenticator: bool = True,
    name: str = "",
) -> User:
    """A user with `PASSWORD`. Without `vetted` no item of their vetting is there."""
    number = next(_numbers)
    if works_for is None:
        of_council = role in (Role.ADMINISTRATOR, Role.AUDITOR)
        works_for = organisation(kind=OrganisationKind.AUTHORITY if of_council else OrganisationKind.SCHOOL)
    new = NewUser(
        name=name or f"Tester {number}",
        email=new_email(),
        role=role,
        organisation=works_for,
        checked_on=today() - timedelta(days=30),
        expiries=dict.fromkeys(VettingKind, today() + timedelta(days=100)) if vetted else {},
    )
    made = add_user(actor=SETTING_UP, new=new)
    with signing_in():
        give_secrets(email=new.email, password=PASSWORD, authenticator_secret=_authenticator_secret())
        if not authenticator:
            Authenticator.objects.filter(user=made).delete()
    return made


def new_email() -> str:
    return f"tester.{next(_numbers)}.{secrets.token_hex(4)}@example.org"


@signing_in()
def give_second_step(person: User) -> None:
    """An authenticator app, as whoever joins sets one up after their password; none besides the one that they have."""
    if not Authenticator.objects.filter(user=person).exists():
        TOTP.activate(person, _authenticator_secret())


def _authenticator_secret() -> str:
    return base64.b32encode(secrets.token_bytes(20)).decode()


def actor_for(person: User) -> Actor:
    """The person as actions take them, outside any request, signed in in a session of their own."""
    with signing_in():
        actor = _signed_in_actor(person)
    show(actor)
    return actor


def show(actor: Actor) -> None:
    """Have what follows be read with the actor's session, as in a request of theirs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_session_load(%s)", [actor.session_key])


def _signed_in_actor(person: User) -> Actor:
    session = SessionStore()
    session.create()
    assert session.row_id is not None
    actor = Actor(
        user_id=person.pk,
        role=person.role,
        organisation_id=person.organisation_id,
        authority_id=person.organisation.authority_id,
        session_id=session.row_id,
        request_id=SETTING_UP_REQUEST,
        session_key=session.key_fingerprint,
    )
    with transaction.atomic():
        record(EventKind.SIGNED_IN, About(user_id=person.pk), actor=actor)
        session.confirm()
    return actor


def actor_on_call(mediator: User, colleague: User) -> Actor:
    """The mediator as actions take them, while the colleague's call lasts."""
    actor = actor_for(mediator)
    with signing_in():
        begin_call(actor=actor, colleague=colleague)
    call = call_of(actor.session_key)
    assert call is not None
    return replace(actor, colleague=call.in_whose_name)


def code_for(person: User) -> str:
    """What the person's authenticator app shows now, good for some seconds more. The service takes it once."""
    return code_of(authenticator_secret(person))


def authenticator_secret(person: User) -> str:
    """What the person's authenticator app was set up with."""
    with signing_in():
        authenticator = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
        return str(SecondFactorAdapter().decrypt(authenticator.data["secret"]))


def with_password(person: User, *, password: str = PASSWORD, client: Client | None = None) -> Client:
    """A browser in which the person has given e-mail address and password, and no code yet."""
    browser = client or Client()
    browser.get(reverse("account_login"))
    browser.post(reverse("account_login"), {"login": person.email.open(), "password": password})
    return browser


def signed_in(person: User, *, client: Client | None = None) -> Client:
    """A browser in which the person has signed in, through the pages that they would use."""
    browser = with_password(person, client=client)
    response = browser.post(reverse("mfa_authenticate"), {"code": code_for(person)})
    assert response.status_code == 302, "the person could not sign in"
    assert response.url == reverse(settings.LOGIN_REDIRECT_URL)
    return browser


def where_signing_in(browser: Client) -> sign_in_sessions.SessionStore:
    """What the browser has where people sign in. As the process that signs them in."""
    service = SessionStore(_cookie(browser, settings.SESSION_COOKIE_NAME))
    service.get("")  # which loads it
    return sign_in_sessions.SessionStore(_cookie(browser, settings.SIGN_IN_COOKIE_NAME), service=service)


def _cookie(browser: Client, name: str) -> str | None:
    return browser.cookies[name].value if name in browser.cookies else None


def on_call(mediator: User, colleague: User, *, client: Client | None = None) -> Client:
    """A browser in which the mediator has signed in and taken the colleague's call, through the pages."""
    browser = client or signed_in(mediator)
    asked = browser.post(reverse("asking"), {"asked": colleague.email.open()})
    assert asked.status_code == 302, "the colleague was not found"
    begun = browser.post(asked.url, {"code": code_for(colleague)})
    assert begun.status_code == 302, "the code was not taken"
    return browser


def client_system(
    organisation: Organisation,
    *,
    asked_by: User,
    accredited_by: User | None,
    purpose: SystemPurpose = SystemPurpose.PEOPLE,
    feed: int | None = None,
    telling_address: str = "",
) -> ClientSystem:
    """A system of the organisation's with `system_key()`, and for `SYSTEM_ADDRESS` where people work in it."""
    system = ClientSystem(
        organisation=organisation,
        client_id=secrets.token_urlsafe(16),
        name="Case files",
        purpose=purpose,
        feed=feed,
        addresses=[SYSTEM_ADDRESS] if purpose == SystemPurpose.PEOPLE else [],
        keys=KeySet([system_key()]).as_dict(private=False),
        accredited_until=today() + timedelta(days=300),
        telling_address=telling_address,
        asked_by=asked_by,
        accredited_by=accredited_by,
        accredited_at=timezone.now() if accredited_by else None,
    )
    system.save()
    return system


@cache
def system_key() -> ECKey:
    """The key by which the tests' systems prove that they are themselves."""
    return ECKey.generate_key("P-256", parameters={"kid": "first", "use": "sig", "alg": "ES256"})


def token_in(system: ClientSystem, person: User) -> str:
    """An access token of the system's for somebody who has just signed in and let it act for them."""
    with signing_in():
        actor = _signed_in_actor(person)
        code = acting.allow(actor=actor, system=system, address=SYSTEM_ADDRESS, challenge="c" * 43)
        issued = acting.begin(system=system, code=code, in_words="Case files")
    assert issued is not None
    return issued.access_token


def client_token(system: ClientSystem) -> str:
    """A token that the system has just fetched for itself."""
    with signing_in():
        return fetching.fetch(system=system)


def draft(
    *,
    authority: Organisation,
    given: str = "Amelia",
    family: str = "Okafor",
    date_of_birth: date = date(2015, 3, 4),
    shielded_since: date | None = None,
    **more: Iterable[object],
) -> Draft:
    """A child to be added; `more` is whatever else a `Draft` takes."""
    return Draft(
        authority_id=authority.pk,
        date_of_birth=date_of_birth,
        gender=Gender.FEMALE,
        names=[(NameKind.LEGAL, Name(given, family, None, None, CENSUS))],
        shielded_since=shielded_since,
        **more,
    )


def child(*, authority: Organisation | None = None, **options: object) -> Child:
    """One child, added as a feed would add them; options are those of `draft`."""
    return children(draft(authority=authority or organisation(kind=OrganisationKind.AUTHORITY), **options))[0]


def children(*drafts: Draft) -> list[Child]:
    """Children in the order of their drafts, found by search."""
    index.start_epoch(1000)
    with override_settings(KEYRING_HOLDER="worker"):  # which alone adds children, and makes what is compared of them
        ids = add_children(actor=SETTING_UP, drafts=drafts)
    by_id = Child.objects.in_bulk(ids)
    return [by_id[child_id] for child_id in ids]


def today() -> date:
    return timezone.localdate()
