"""Two worlds that differ in nothing but what is hidden of one shielded child.

One is built and committed, everybody signed in; then its database is copied. In each copy the hidden rows are written
anew, with the same ids, and the worker files the child. So every number, key and session is the same in both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.core import mail
from django.db import connection, connections
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from access.door.calls import call_of
from access.door.sessions import SessionStore
from access.models import Organisation, OrganisationKind, Role, User
from audit.actors import Actor
from audit.reasons import ShieldDecision
from registry.actions.shields import approve_shield, decide_shield
from registry.models import Child, ChildAddress, ChildName, ChildNumber, ChildSaidBy, Guardian, Involvement, Shield
from registry.rules.numbers import number_fingerprint
from registry.search import index
from registry.values import Address, Assessment, Difference, InvolvementDetails, PostalAddress, SaidBy, WhoSaid
from registry.vocabulary import NameKind, NumberKind, Part, Service, Source
from registry.worker import refiling
from tests import factories, servers
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry import people
from tests.integration.registry.people import BORN, CONFIRMED, Town, build_town, full_draft
from tests.integration.registry.shielding import WANTED, Office, build_office, file_shielded

# So long that no token is shared by chance: what is filed at random would differ from one world to the next.
TOKENS_FOR = 2**27
FIRST_HIDDEN = 10**6  # the first id of a hidden row, in both worlds
DECOYS = 9  # of the child's name and postcode: with the child they would be as many as a page shows
UNLIMITED = 2_000_000_000


@dataclass(frozen=True)
class Hidden:
    """What a shield hides of the child."""

    former: str
    known_as: str
    street: str
    postcode: str
    earlier: str
    nhs: str
    upn: str
    guardians: tuple[str, ...]
    services: tuple[tuple[str, Service], ...]
    died_on: date | None = None
    assessed: bool = False
    said_by: SaidBy = people.SAID_BY
    authority: str = "authority"

    @property
    def addresses(self) -> tuple[Address, Address]:
        present = PostalAddress((self.street,), "Sale", self.postcode)
        return (
            replace(people.address(), postal=present),
            replace(people.address(self.earlier), valid_to=date(2021, 5, 1)),
        )


ONE = Hidden(
    former="Malik",
    known_as="Mina",
    street="12 Hidden Lane",
    postcode="M33 4AB",
    earlier="OL1 2CD",
    nhs=people.NHS_NUMBER,
    upn=people.PUPIL_NUMBER,
    guardians=("Farah", "Yusuf"),
    services=(
        ("school", Service.SCHOOL),
        ("practice", Service.GP),
        ("clinic", Service.MENTAL_HEALTH),
        ("authority", Service.SOCIAL_CARE),
    ),
)
OTHER = Hidden(
    former="Oyelaran",
    known_as="Bluebell",
    street="7 Quiet Mews",
    postcode="LS6 2QT",
    earlier="PL4 8AA",
    nhs="9991736115",
    upn="A801200001014",
    guardians=("Beatrice",),
    services=(("police", Service.POLICE),),
    died_on=date(2025, 11, 2),
    assessed=True,
    said_by=SaidBy(
        date_of_death=WhoSaid(Source.BIRTH_REGISTRATION, date(2025, 11, 3)),
        differ=(
            Difference(Part.NAME, Source.PERSONAL_DEMOGRAPHICS, (Source.CHILD_BENEFIT,), ()),
            Difference(Part.DATE_OF_BIRTH, Source.CHILD_BENEFIT, (None,), ()),
        ),
    ),
)


@dataclass(frozen=True)
class Caller:
    """Somebody's browser; `role` is None for who is not signed in. `hidden_work`: whether the child is theirs."""

    name: str
    role: Role | None
    cookies: str
    actor: Actor | None

    def browser(self) -> Client:
        browser = Client(raise_request_exception=False)
        browser.cookies.load(self.cookies)
        return browser


@dataclass(frozen=True)
class World:
    """The town, the child, and everybody who looks."""

    office: Office
    elsewhere: Organisation
    callers: tuple[Caller, ...]

    @property
    def town(self) -> Town:
        return self.office.town

    @property
    def child_id(self) -> int:
        return int(self.office.child.pk)


def build() -> World:
    """Make it, in the database that Django is connected to, and commit."""
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_budget SET hourly = %s, daily = %s", [UNLIMITED, UNLIMITED])
        index.start_epoch(TOKENS_FOR)
        town = build_town()
        child, *_decoys = factories.children(full_draft(town, numbers=[]), *(_decoy(town, n) for n in range(DECOYS)))
        office = build_office(town, child)
        elsewhere = factories.organisation(kind=OrganisationKind.AUTHORITY)
        others = _others(elsewhere, town)
    _shield(office)
    return World(office, elsewhere, tuple(_callers(office, others)))


def _decoy(town: Town, number: int) -> factories.Draft:
    home = replace(people.address(), postal=PostalAddress((f"{number + 20} Open Road",), "Sale", people.HOME))
    return people.draft(town, date_of_birth=date(2005 + number, 3, 1), addresses=(home,))


def _others(elsewhere: Organisation, town: Town) -> dict[str, User]:
    school = factories.organisation(authority=elsewhere)
    auditors = [factories.user(role=Role.AUDITOR, works_for=place) for place in (town.authority, elsewhere)]
    return {
        "teacher elsewhere": factories.user(works_for=school),
        "administrator elsewhere": factories.user(role=Role.ADMINISTRATOR, works_for=elsewhere),
        "auditor": auditors[0],
        "auditor elsewhere": auditors[1],
    }


def _shield(office: Office) -> None:
    """Asked for by a social worker, decided by one and approved by another administrator, and filed."""
    asked = office.asked(WANTED)
    about = {"child_id": office.child.pk, "request_id": asked.pk}
    decide_shield(actor=factories.actor_for(office.decider), **about, decision=ShieldDecision.PROTECT, seen=0)
    approve_shield(actor=factories.actor_for(office.approver), **about, seen=1)
    file_shielded()


def _callers(office: Office, others: dict[str, User]) -> Iterator[Caller]:
    town = office.town
    mediating = factories.signed_in(town.mediator)
    factories.on_call(town.mediator, town.colleague, client=mediating)
    yield caller_of("mediator", town.mediator, mediating)
    at_work = {
        "teacher of one": town.teacher,
        "therapist of one": town.therapist,
        "social worker of one": town.social_worker,
        "administrator": office.decider,
        "second administrator": office.approver,
    }
    for name, person in (at_work | others).items():
        yield caller_of(name, person, factories.signed_in(person))
    yield Caller("nobody", None, "", None)


def caller_of(name: str, person: User, browser: Client) -> Caller:
    """Whoever is signed in in that browser."""
    session = SessionStore(browser.cookies[settings.SESSION_COOKIE_NAME].value)
    session.get("")  # which loads it
    assert session.row_id is not None
    call = call_of(session.key_fingerprint)
    actor = Actor(
        user_id=person.pk,
        role=person.role,
        organisation_id=person.organisation_id,
        authority_id=person.organisation.authority_id,
        session_id=session.row_id,
        request_id=factories.SETTING_UP_REQUEST,
        session_key=session.key_fingerprint,
        colleague=call.in_whose_name if call else None,
    )
    return Caller(name, Role(person.role), browser.cookies.output(header="", sep=";"), actor)


@contextmanager
def copied(world: World, hidden: Hidden, of: str, blocker: DjangoDbBlocker, *, shielded: bool = True) -> Iterator[None]:
    """Be in a copy of the database `of` in which that is hidden of the child, or would be. Gone afterwards."""
    name = f"{of}_world"
    connections.close_all()
    servers.running().make_database(name, template=of, others=[servers.TESTER])
    connection.settings_dict["NAME"] = name
    servers.forget_counts()
    index.forget()
    mail.outbox = []
    try:
        with blocker.unblock():
            hide(world, hidden, shielded=shielded)
            yield
            connections.close_all()
    finally:
        connection.settings_dict["NAME"] = of
        servers.drop(name)


def hide(world: World, hidden: Hidden, *, shielded: bool) -> None:
    """Write anew what is hidden, with ids that are the same in both worlds, and have the worker file the child."""
    town, child_id = world.town, world.child_id
    with as_owner_here():
        child = Child.objects.get(pk=child_id)
        child.date_of_death, child.assessment = hidden.died_on, None
        if hidden.assessed:
            child.assessment = Assessment(town.authority.pk, CONFIRMED)
        child.responsible_authority = world.elsewhere if hidden.authority == "elsewhere" else town.authority
        child.save()
        for model in (ChildName, ChildAddress, ChildNumber, ChildSaidBy, Guardian, Involvement):
            model.objects.filter(child=child_id).delete()
        for model, rows in _rows(town, hidden).items():
            for place, row in enumerate(rows):
                model(pk=FIRST_HIDDEN + place, child=child, **row).save(force_insert=True)
        if not shielded:
            Shield.objects.filter(child=child_id).delete()
    with as_worker():
        refiling.file_anew(child_id)


def _rows(town: Town, hidden: Hidden) -> dict[type, list[dict[str, object]]]:
    names = ((NameKind.LEGAL, "Amina", "Hussain"), (NameKind.FORMER, "Amina", hidden.former))
    numbers = ((NumberKind.NHS, hidden.nhs), (NumberKind.UPN, hidden.upn))
    return {
        ChildName: [
            {"kind": kind, "details": people.name(given, family)}
            for kind, given, family in (*names, (NameKind.KNOWN_AS, hidden.known_as, "Hussain"))
        ],
        ChildAddress: [{"present": place == 0, "details": address} for place, address in enumerate(hidden.addresses)],
        ChildNumber: [
            {"kind": kind, "fingerprint": number_fingerprint(kind, value), "details": people.Number(value, CONFIRMED)}
            for kind, value in numbers
        ],
        Guardian: [{"details": people.guardian(given)} for given in hidden.guardians],
        ChildSaidBy: [{"details": hidden.said_by}],
        Involvement: [
            {"lead": place == 0, "details": _involvement(town, where, service)}
            for place, (where, service) in enumerate(hidden.services)
        ],
    }


def _involvement(town: Town, where: str, service: Service) -> InvolvementDetails:
    return people.involvement(getattr(town, where), service, practitioner=f"Somebody of {where}")


def born() -> dict[str, str]:
    """The date-of-birth boxes of a form, for the child."""
    parts = {"day": BORN.day, "month": BORN.month, "year": BORN.year}
    return {f"date_of_birth_{part}": str(value) for part, value in parts.items()}
