"""Synthetic households into the registry, through the same action that a feed would use."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from access.models import Organisation, OrganisationKind
from audit.actors import Process
from registry.actions.children import Draft, add_children
from registry.demonstration import shapes
from registry.models import ChildNumber
from registry.rules.numbers import number_fingerprint
from registry.values import (
    Address,
    Assessment,
    GuardianDetails,
    InvolvementDetails,
    Name,
    Number,
    PostalAddress,
    Provenance,
)
from registry.vocabulary import AddressState, NumberKind, Service, Source

ACTOR = Process("demonstration")
SCHOOL_CONTACT, PRACTICE_CONTACT = "School office", "Practice reception"

KINDS = {
    shapes.OrganisationKind.SCHOOL: OrganisationKind.SCHOOL,
    shapes.OrganisationKind.GP_PRACTICE: OrganisationKind.GP_PRACTICE,
    shapes.OrganisationKind.NURSERY: OrganisationKind.EARLY_YEARS,
    shapes.OrganisationKind.LOCAL_AUTHORITY: OrganisationKind.AUTHORITY,
    shapes.OrganisationKind.HEALTH_TRUST: OrganisationKind.COMMUNITY_HEALTH,
    shapes.OrganisationKind.HOSPITAL: OrganisationKind.HOSPITAL,
    shapes.OrganisationKind.POLICE: OrganisationKind.POLICE,
    shapes.OrganisationKind.YOUTH_JUSTICE: OrganisationKind.YOUTH_JUSTICE,
    shapes.OrganisationKind.HOUSING: OrganisationKind.HOUSING,
    shapes.OrganisationKind.CHARITY: OrganisationKind.CHARITY,
}
SENSITIVE_KINDS = {
    Service.SEXUAL_HEALTH: OrganisationKind.SEXUAL_HEALTH,
    Service.MENTAL_HEALTH: OrganisationKind.MENTAL_HEALTH,
    Service.SUBSTANCE_MISUSE: OrganisationKind.SUBSTANCE_MISUSE,
}


def load_organisations(described: list[shapes.Organisation], *, today: date) -> dict[str, Organisation]:
    """Add those organisations that are not there. Returns all by key. Each area's first authority answers for it."""
    authorities: dict[str, shapes.Organisation] = {}
    for one in described:
        if one.kind == shapes.OrganisationKind.LOCAL_AUTHORITY:
            authorities.setdefault(one.area, one)
    _add(((one, None) for one in authorities.values()), today)
    answering = _by_key(authorities.values())
    others = [one for one in described if one.key not in answering]
    _add(((one, answering[authorities[one.area].key]) for one in others), today)
    return answering | _by_key(others)


def _add(described: Iterable[tuple[shapes.Organisation, Organisation | None]], today: date) -> None:
    accredited_until = today + timedelta(days=2 * 365)
    Organisation.objects.bulk_create(
        (
            Organisation(
                directory_code=one.key,
                name=one.name,
                kind=KINDS.get(one.kind) or SENSITIVE_KINDS[one.services[0]],
                telephone=one.telephone,
                town=one.town,
                postcode=one.postcode,
                responsible_authority=authority,
                accredited_until=accredited_until,
            )
            for one, authority in described
        ),
        batch_size=2000,
        ignore_conflicts=True,
    )


def _by_key(described: Iterable[shapes.Organisation]) -> dict[str, Organisation]:
    keys = [one.key for one in described]
    return {each.directory_code: each for each in Organisation.objects.filter(directory_code__in=keys)}


def is_loaded(child: shapes.Child) -> bool:
    """Whether the child is there already, by NHS number."""
    kind = NumberKind.NHS
    print_of = number_fingerprint(kind, child.nhs_number)
    return ChildNumber.objects.filter(kind=kind, fingerprint=print_of).exists()


class HouseholdLoader:
    """Adds households, each child to the authority of its practice. Values get a plausible source and day."""

    def __init__(self, organisations: Mapping[str, Organisation], *, today: date) -> None:
        self._organisations = organisations
        self._today = today

    def add(self, households: list[shapes.Household]) -> int:
        """Add all children of `households` in one transaction, unless they are there. Returns how many there are."""
        drafts = [draft for household in households for draft in self.drafts(household)]
        if drafts and not is_loaded(households[0].children[0]):
            add_children(actor=ACTOR, drafts=drafts)
        return len(drafts)

    def drafts(self, household: shapes.Household, *, whole: bool = True) -> Iterator[Draft]:
        """The household's children, in order, as they are added. Without `whole`, only what is searched by."""
        for place, child in enumerate(household.children):
            confirmed = max(child.date_of_birth, self._today - timedelta(days=household.number * 7 % 300 + 3))
            guardians = [each for each in household.guardians if place in each.children] if whole else []
            yield Draft(
                authority_id=self._organisations[child.gp].authority_id,
                date_of_birth=child.date_of_birth,
                gender=child.gender,
                names=[(name.kind, _name(name, confirmed)) for name in child.names],
                numbers=list(_numbers(child, confirmed)),
                addresses=list(_addresses(household, child, confirmed)),
                guardians=[_guardian(each, confirmed) for each in guardians],
                involvements=list(self._involvements(child, confirmed)) if whole else [],
                assessment=self._assessment(child, confirmed),
                shielded_since=confirmed if child.shielded else None,
            )

    def _involvements(self, child: shapes.Child, confirmed: date) -> Iterator[tuple[bool, InvolvementDetails]]:
        if child.school and child.school_since:
            census = Provenance(Source.SCHOOL_CENSUS, confirmed)
            school = self._organisations[child.school]
            service = Service.SCHOOL if school.kind == OrganisationKind.SCHOOL else Service.EARLY_YEARS
            yield False, _contact(school, service, SCHOOL_CONTACT, child.school_since, census)
        demographics = Provenance(Source.PERSONAL_DEMOGRAPHICS, confirmed)
        yield (
            False,
            _contact(self._organisations[child.gp], Service.GP, PRACTICE_CONTACT, child.gp_since, demographics),
        )
        for each in child.involvements:
            yield (
                each.lead,
                InvolvementDetails(
                    organisation_id=self._organisations[each.organisation].pk,
                    service=each.service,
                    practitioner=each.practitioner,
                    telephone=each.telephone,
                    started_on=each.started_on,
                    ended_on=each.ended_on,
                    basis=each.basis,
                    provenance=Provenance(Source.LOCAL_AUTHORITY, max(confirmed, each.started_on)),
                    decision=each.decision,
                ),
            )

    def _assessment(self, child: shapes.Child, confirmed: date) -> Assessment | None:
        current = [each for each in child.involvements if each.ended_on is None and each.basis is None]
        holder = min(current, key=lambda each: not each.lead, default=None)
        if not child.assessment or holder is None:
            return None
        return Assessment(self._organisations[holder.organisation].pk, Provenance(Source.LOCAL_AUTHORITY, confirmed))


def _contact(
    organisation: Organisation, service: Service, contact: str, since: date, provenance: Provenance
) -> InvolvementDetails:
    return InvolvementDetails(
        organisation_id=organisation.pk,
        service=service,
        practitioner=contact,
        telephone=organisation.telephone,
        started_on=since,
        ended_on=None,
        basis=None,
        provenance=provenance,
    )


def _name(name: shapes.Name, confirmed: date) -> Name:
    source = Provenance(Source.BIRTH_REGISTRATION, confirmed)
    return Name(name.given, name.family, name.valid_from, name.valid_to, source)


def _numbers(child: shapes.Child, confirmed: date) -> Iterator[tuple[NumberKind, Number]]:
    yield NumberKind.NHS, Number(child.nhs_number, Provenance(Source.PERSONAL_DEMOGRAPHICS, confirmed))
    if child.upn:
        yield NumberKind.UPN, Number(child.upn, Provenance(Source.SCHOOL_CENSUS, confirmed))


def _addresses(household: shapes.Household, child: shapes.Child, confirmed: date) -> Iterator[Address]:
    source = Provenance(Source.CHILD_BENEFIT, confirmed)
    known = child.address_state != AddressState.NONE_KNOWN
    yield Address(
        state=child.address_state,
        postal=_postal(household.address) if known else None,
        valid_from=max(household.moved_on, child.date_of_birth) if household.moved_on else None,
        valid_to=None,
        provenance=source,
    )
    if household.previous_address and household.moved_on and child.date_of_birth < household.moved_on:
        yield Address(
            state=AddressState.LAST_KNOWN,
            postal=_postal(household.previous_address),
            valid_from=None,
            valid_to=household.moved_on,
            provenance=source,
        )


def _postal(address: shapes.Address) -> PostalAddress:
    return PostalAddress(address.lines, address.town, address.postcode)


def _guardian(guardian: shapes.Guardian, confirmed: date) -> GuardianDetails:
    return GuardianDetails(
        given=guardian.given,
        family=guardian.family,
        relation=guardian.relation,
        parental_responsibility=guardian.parental_responsibility,
        lives_with_child=guardian.lives_with_child,
        telephone=guardian.telephone or None,
        provenance=Provenance(Source.CHILD_BENEFIT, confirmed),
    )
