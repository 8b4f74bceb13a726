"""What each reader may see of a child: one case a rule, for a shielded child and another, for one's own and others."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from access.models import Organisation, OrganisationKind, Role
from audit.actors import Actor, Colleague
from encryption.sealed import Sealed
from registry.policies import disclosure
from registry.record import KnownInvolvement
from registry.search.criteria import Criteria
from registry.search.summaries import summarise
from registry.values import Address, InvolvementDetails, Name, PostalAddress, Provenance, Summary, SummaryName
from registry.vocabulary import SENSITIVE_SERVICES, AddressState, Gender, NameKind, Service, Source
from tests.unit.registry.values import NHS_NUMBER, OWN_NUMBER, TODAY, criteria

OWN, OTHER, COLLEAGUES = 7, 8, 9
SOURCE = Provenance(Source.CHILD_BENEFIT, TODAY)
NAMES = [(kind, Name("Amina", kind.value, None, None, SOURCE)) for kind in NameKind]
HOME = PostalAddress(("12 Hidden Lane",), "Sale", "M33 4AB")
ADDRESS = Address(AddressState.CURRENT, HOME, None, None, SOURCE)


def actor(*, colleague: Colleague | None = None) -> Actor:
    return Actor(
        user_id=1,
        role=Role.MEDIATOR if colleague else Role.PRACTITIONER,
        organisation_id=OWN,
        authority_id=2,
        session_id=3,
        request_id=UUID(int=0),
        session_key="",
        colleague=colleague,
    )


def involvement(service: Service, *, of: int = OTHER, ended_on: date | None = None) -> InvolvementDetails:
    return InvolvementDetails(
        organisation_id=of,
        service=service,
        practitioner="Ana Silva",
        telephone="+441614960000",
        started_on=TODAY - timedelta(days=90),
        ended_on=ended_on,
        basis=None,
        provenance=SOURCE,
    )


def summary(*, shielded: bool, address: Address | None = ADDRESS) -> Summary:
    return summarise(
        names=NAMES,
        date_of_birth=date(2015, 1, 2),
        gender=Gender.FEMALE,
        number="10000000017",
        numbers=[NHS_NUMBER],
        address=address,
        shielded=shielded,
    )


def test_shield_leaves_the_legal_name_alone() -> None:
    assert [name.kind for name in summary(shielded=True).names] == [NameKind.LEGAL]
    assert [name.kind for name in summary(shielded=False).names] == [kind for kind, _name in NAMES]


def test_shield_hides_the_place() -> None:
    hidden, shown = summary(shielded=True), summary(shielded=False)
    assert (hidden.town, hidden.postcode, hidden.lines) == ("", "", "")
    assert (shown.town, shown.postcode, shown.lines) == (HOME.town, HOME.postcode, ", ".join(HOME.lines))
    nowhere = summary(shielded=False, address=None)
    assert (nowhere.town, nowhere.postcode, nowhere.lines) == ("", "", "")


def test_shield_hides_numbers_that_others_gave() -> None:
    assert summary(shielded=True).numbers == ()
    assert summary(shielded=False).numbers == (NHS_NUMBER,)


def test_summary_is_cut_to_what_may_be_shown_today() -> None:
    names = tuple(SummaryName(kind, "Amina", kind.value) for kind in NameKind)
    stored = Summary(
        names, TODAY, Gender.FEMALE, OWN_NUMBER, "Sale", "M33 4AB", (NHS_NUMBER,), shielded=True, lines="12 Hidden Lane"
    )
    assert disclosure.summary_shown(stored) == Summary(
        names[:1], TODAY, Gender.FEMALE, OWN_NUMBER, "", "", (), shielded=True, lines=""
    )
    open_to_all = replace(stored, shielded=False)
    assert disclosure.summary_shown(open_to_all) == open_to_all


@pytest.mark.parametrize(
    ("asked", "hidden"),
    [
        (criteria(given="Amina", family="Hussain"), False),
        (criteria(number=OWN_NUMBER), False),
        (criteria(number=NHS_NUMBER), True),
        (criteria(family="Hussain", postcode="M33 4AB"), True),
        (criteria(family="Hussain", house="12", street="Hidden Lane"), True),
    ],
)
def test_search_by_what_a_shield_hides_leaves_the_child_out(asked: Criteria, *, hidden: bool) -> None:
    uses = asked.uses_hidden_field()
    assert disclosure.is_left_out(shielded=True, uses_hidden_field=uses) is hidden
    assert not disclosure.is_left_out(shielded=False, uses_hidden_field=uses)


@pytest.mark.parametrize("service", Service)
def test_sensitive_service_is_named_to_its_own_people_alone(service: Service) -> None:
    sensitive = service in SENSITIVE_SERVICES
    assert disclosure.service_is_named(involvement(service, of=OWN), actor())
    assert disclosure.service_is_named(involvement(service), actor()) is not sensitive
    assert disclosure.is_told_of_sensitive_service(involvement(service), actor(), today=TODAY) is sensitive
    assert not disclosure.is_told_of_sensitive_service(involvement(service, of=OWN), actor(), today=TODAY)


def test_that_a_sensitive_service_was_involved_is_not_told() -> None:
    ended = involvement(Service.MENTAL_HEALTH, ended_on=TODAY)
    assert not disclosure.is_told_of_sensitive_service(ended, actor(), today=TODAY)
    assert not disclosure.service_is_named(ended, actor())


def test_mediator_sees_as_the_colleague_who_asks() -> None:
    mediator = actor(colleague=Colleague(call_id=1, user_id=5, organisation_id=COLLEAGUES))
    assert disclosure.service_is_named(involvement(Service.MENTAL_HEALTH, of=COLLEAGUES), mediator)
    assert not disclosure.service_is_named(involvement(Service.MENTAL_HEALTH, of=OWN), mediator)


@pytest.mark.parametrize("kind", OrganisationKind)
def test_holder_of_an_assessment_is_named_unless_that_tells_of_a_sensitive_service(kind: OrganisationKind) -> None:
    sensitive = kind in {
        OrganisationKind.SEXUAL_HEALTH,
        OrganisationKind.MENTAL_HEALTH,
        OrganisationKind.SUBSTANCE_MISUSE,
    }
    other, own = Organisation(pk=OTHER, kind=kind), Organisation(pk=OWN, kind=kind)
    assert disclosure.holder_shown(other, actor()) == (None if sensitive else other)
    assert disclosure.holder_shown(own, actor()) == own


def test_shield_hides_the_death_and_so_the_age_goes_on() -> None:
    born, died = date(2015, 1, 2), date(2020, 6, 1)
    death, none = Sealed[date | None](lambda: died), Sealed[date | None](lambda: None)
    assert disclosure.age_shown(born, death, shielded=False, today=date(2025, 1, 2)) == 5
    assert disclosure.age_shown(born, none, shielded=False, today=date(2025, 1, 2)) == 10
    unopened = Sealed[date | None](lambda: pytest.fail("opened"))
    assert disclosure.age_shown(born, unopened, shielded=True, today=date(2025, 1, 2)) == 10


def test_services_are_named_where_they_may_be_and_one_that_runs_is_told_of() -> None:
    school = involvement(Service.SCHOOL)
    clinic, ended = involvement(Service.MENTAL_HEALTH), involvement(Service.SEXUAL_HEALTH, ended_on=TODAY)
    old_school = involvement(Service.SCHOOL, ended_on=TODAY)
    everything = [known(each) for each in (school, clinic, ended, old_school)]
    shown = disclosure.services_shown(everything, actor(), today=TODAY)
    assert [each.details for each in shown.current] == [school]
    assert [each.details for each in shown.ended] == [old_school]
    assert shown.sensitive
    assert not disclosure.services_shown([known(ended)], actor(), today=TODAY).sensitive


def known(details: InvolvementDetails) -> KnownInvolvement:
    return KnownInvolvement(1, details, Organisation(pk=details.organisation_id), lead=False, own=False, row_version=1)
