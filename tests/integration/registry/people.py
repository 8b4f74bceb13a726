"""A small town for the registry's integration tests: its organisations, who works there, and how its children are."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from access.models import Organisation, OrganisationKind, User
from audit.actors import Actor
from registry.actions.children import Draft
from registry.models import Child
from registry.search.criteria import Criteria
from registry.values import (
    Address,
    Assessment,
    Difference,
    GuardianDetails,
    InvolvementDetails,
    Name,
    Number,
    PostalAddress,
    Provenance,
    SaidBy,
    WhoSaid,
)
from registry.vocabulary import (
    AddressState,
    NameKind,
    NumberKind,
    Part,
    Relation,
    SensitiveBasis,
    Service,
    Source,
)
from tests import factories

CONFIRMED = Provenance(Source.LOCAL_AUTHORITY, date(2026, 1, 5))
SAID_BY = SaidBy(
    date_of_birth=WhoSaid(Source.BIRTH_REGISTRATION, date(2017, 5, 2)),
    differ=(Difference(Part.ADDRESS, Source.LOCAL_AUTHORITY, (Source.SCHOOL_CENSUS,), ()),),
)
BORN = date(2017, 4, 9)
NHS_NUMBER = "9434765919"
PUPIL_NUMBER = "H801200001001"
HOME = "M33 4AB"

_strangers = count(1)

AddChildren = Callable[..., list[Child]]
RefuseEvents = Callable[..., None]


@dataclass(frozen=True)
class Town:
    """An authority with a school, a practice, a police force and a mental health service, and some of their staff."""

    authority: Organisation
    school: Organisation
    practice: Organisation
    police: Organisation
    clinic: Organisation
    teacher: User
    colleague: User
    social_worker: User
    therapist: User
    mediator: User
    administrator: User

    def actor(self, who: str = "teacher") -> Actor:
        """Somebody of the town, signed in; the mediator on a call of the teacher's colleague."""
        if who == "mediator":
            return factories.actor_on_call(self.mediator, self.colleague)
        return factories.actor_for(getattr(self, who))


def build_town() -> Town:
    """Make it. Call it as the owner."""
    authority = factories.organisation(kind=OrganisationKind.AUTHORITY)

    def of(kind: OrganisationKind) -> Organisation:
        return factories.organisation(kind=kind, authority=authority)

    school, clinic = of(OrganisationKind.SCHOOL), of(OrganisationKind.MENTAL_HEALTH)
    return Town(
        authority=authority,
        school=school,
        practice=of(OrganisationKind.GP_PRACTICE),
        police=of(OrganisationKind.POLICE),
        clinic=clinic,
        teacher=factories.user(works_for=school),
        colleague=factories.user(works_for=school),
        social_worker=factories.user(works_for=authority),
        therapist=factories.user(works_for=clinic),
        mediator=factories.user(works_for=authority, role=factories.Role.MEDIATOR),
        administrator=factories.user(works_for=authority, role=factories.Role.ADMINISTRATOR),
    )


def draft(town: Town, given: str = "Amina", family: str = "Hussain", **changes: object) -> Draft:
    """A child of the town; `changes` are fields of the draft."""
    made = factories.draft(
        authority=town.authority, given=given, family=family, date_of_birth=BORN, addresses=(address(),)
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def full_draft(town: Town, **changes: object) -> Draft:
    """A child of whom everything is known."""
    everything: dict[str, object] = {
        "names": [
            (NameKind.LEGAL, name("Amina", "Hussain")),
            (NameKind.FORMER, name("Amina", "Malik")),
            (NameKind.KNOWN_AS, name("Mina", "Hussain")),
        ],
        "numbers": numbers(),
        "addresses": (address(), replace(address("OL1 2CD"), valid_to=date(2020, 5, 1))),
        "guardians": (guardian("Farah"), guardian("Yusuf")),
        "involvements": (
            (False, involvement(town.school, Service.SCHOOL, started_on=date(2021, 9, 1))),
            (False, involvement(town.practice, Service.GP, started_on=date(2017, 5, 1))),
            (False, involvement(town.authority, Service.EARLY_HELP, started_on=date(2024, 2, 1))),
            (True, involvement(town.authority, Service.SOCIAL_CARE, started_on=date(2023, 2, 1))),
            (False, involvement(town.police, Service.POLICE, ended_on=date(2025, 3, 1))),
            (False, involvement(town.clinic, Service.MENTAL_HEALTH, practitioner="Wanda Secret")),
        ),
        "assessment": Assessment(town.authority.pk, CONFIRMED),
        "said_by": SAID_BY,
    }
    return draft(town, **{**everything, **changes})


def stranger(town: Town, **changes: object) -> Draft:
    """As `full_draft`, of somebody who lives elsewhere and was born on another day: no other's shield reaches them."""
    number = next(_strangers)
    home = replace(address(), postal=PostalAddress((f"{number} Far Street",), "Sale", "M33 9ZZ"))
    born = BORN + timedelta(days=number)
    return full_draft(town, **{"numbers": [], "addresses": (home,), "date_of_birth": born, **changes})


def name(given: str, family: str) -> Name:
    return Name(given, family, None, None, CONFIRMED)


def address(postcode: str = HOME) -> Address:
    postal = PostalAddress(("12 Hidden Lane",), "Sale", postcode)
    return Address(AddressState.CURRENT, postal, date(2020, 5, 1), None, CONFIRMED)


def numbers(nhs: str = NHS_NUMBER, upn: str = PUPIL_NUMBER) -> list[tuple[NumberKind, Number]]:
    return [(NumberKind.NHS, Number(nhs, CONFIRMED)), (NumberKind.UPN, Number(upn, CONFIRMED))]


def guardian(given: str) -> GuardianDetails:
    return GuardianDetails(given, "Hussain", Relation.PARENT, True, True, "+447700900123", CONFIRMED)


def involvement(
    organisation: Organisation,
    service: Service,
    *,
    practitioner: str = "Sam Okoro",
    started_on: date = date(2024, 6, 1),
    ended_on: date | None = None,
) -> InvolvementDetails:
    sensitive = service in (Service.MENTAL_HEALTH, Service.SEXUAL_HEALTH, Service.SUBSTANCE_MISUSE)
    return InvolvementDetails(
        organisation_id=organisation.pk,
        service=service,
        practitioner=practitioner,
        telephone="+441614960000",
        started_on=started_on,
        ended_on=ended_on,
        basis=SensitiveBasis.CONSENT_OF_CHILD if sensitive else None,
        provenance=CONFIRMED,
    )


def criteria(**given: object) -> Criteria:
    """Criteria asked today."""
    return Criteria(today=factories.today(), **given)  # type: ignore[arg-type]
