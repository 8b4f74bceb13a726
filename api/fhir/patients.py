"""Children as Patient: a result of a search, and who a record is of. What is there was cut to the reader before."""

from collections.abc import Iterator

from access.models import Organisation
from api.fhir import words
from api.fhir.ids import id_for
from api.fhir.words import Told, coding, day, extension, known, period, said_by
from audit.actors import Actor
from registry.record import Record
from registry.rules import numbers
from registry.search.criteria import Criteria
from registry.search.find import Found, Match
from registry.search.score import Question
from registry.values import Address
from registry.views.showing import may_record, shown_result
from registry.views.sources import differing, said_of_the_head
from registry.vocabulary import AddressState, NameKind, NumberKind, Part, Service

USES = {NameKind.LEGAL: "official", NameKind.FORMER: "old", NameKind.KNOWN_AS: "nickname"}
OWN = "registry-number"
UPN = "unique-pupil-number"
AUTHORITY = "authority"


def number_systems() -> dict[str, str]:
    """The system of each kind of number, as registry.rules.numbers calls the kinds."""
    own = words.number_system(OWN)
    return {numbers.OWN: own, NumberKind.NHS: words.NHS_NUMBER, NumberKind.UPN: words.number_system(UPN)}


def searchset(found: Found, actor: Actor, criteria: Criteria) -> Told:
    """Who was found, best first."""
    ideal = Question(criteria).ideal
    return known(
        resourceType="Bundle",
        type="searchset",
        total=len(found.matches),
        link=[{"relation": "self", "url": words.address_of("Patient/_search")}],
        entry=[_entry(each, actor, criteria, ideal) for each in found.matches],
    )


def patient(record: Record, actor: Actor) -> Told:
    """Who the child is. Of a protected one: their name, date of birth, gender and number, and whom to ring."""
    identity = record.identity
    return known(
        resourceType="Patient",
        id=id_for(actor, identity.child_id),
        meta=words.confidentiality(restricted=record.is_protected),
        contained=[contact(record.authority, AUTHORITY)],
        extension=list(_extensions(record, actor)),
        identifier=list(_identifiers(record)),
        name=_names(record),
        gender=words.GENDERS[identity.gender],
        birthDate=day(identity.date_of_birth),
        deceasedDateTime=day(record.date_of_death),
        address=[_address(each) for each in record.addresses],
        generalPractitioner=[
            logical(each.organisation) for each in record.current if each.details.service == Service.GP
        ],
        managingOrganization={"reference": f"#{AUTHORITY}"},
    )


def _entry(match: Match, actor: Actor, criteria: Criteria, ideal: float) -> Told:
    """One of them: only what tells two children apart, and how well it fits.

    A score of 1 is whoever fits all that was asked, which is the `ideal`.
    """
    row, summary = shown_result(match, actor, criteria, criteria.today), match.summary
    names = sorted(summary.names, key=lambda each: each.kind != NameKind.LEGAL)
    why = [extension("why", valueString=each) for each in row.why]
    differs = [extension("differs", valueString=each) for each in row.differs]
    reference = id_for(actor, match.child_id)
    resource = known(
        resourceType="Patient",
        id=reference,
        meta=words.confidentiality(restricted=row.shielded),
        name=[_named(each.kind, each.given, each.family) for each in names],
        gender=words.GENDERS[summary.gender],
        birthDate=day(row.date_of_birth),
        address=[{"use": "home", "text": row.locality}] if row.locality else [],
    )
    score = round(min(1.0, max(0.0, match.score.bits / ideal)), 4)
    return {
        "fullUrl": words.address_of(f"Patient/{reference}"),
        "resource": resource,
        "search": known(mode="match", score=score, extension=[*why, *differs]),
    }


def contact(organisation: Organisation, local: str) -> Told:
    """Somebody to ring, to stand within another resource."""
    return known(
        resourceType="Organization",
        id=local,
        name=organisation.name,
        telecom=words.telephone(organisation.telephone),
    )


def logical(organisation: Organisation) -> Told:
    """An organisation by its ODS code, where it has one, and by name."""
    return known(type="Organization", identifier=words.ods_code(organisation), display=organisation.name)


def _extensions(record: Record, actor: Actor) -> Iterator[Told]:
    """What FHIR has no place for, as far as there is anything to say."""
    for part, said in said_of_the_head(record):
        yield said_by(said, part)
    for name, told in differing(record).items():
        within = [{"url": "part", "valueCoding": coding("part", Part(name))}, {"url": "told", "valueString": told}]
        yield extension("sources-differ", extension=within)
    yield extension("sensitive-service", valueBoolean=record.sensitive)
    yield extension("may-record", valueBoolean=may_record(record, actor))
    if record.assessment_holder:
        yield extension("assessment-holder", valueString=record.assessment_holder.name)
    for name, last in (("leave-until", record.leave_until), ("kept-until", record.kept_until)):
        if last:
            yield extension(name, valueDate=last.isoformat())


def _identifiers(record: Record) -> Iterator[Told]:
    """The registry's own number first, then those of records that lie under this one, then what others gave."""
    systems = number_systems()
    own = systems[numbers.OWN]
    yield {"use": "usual", "system": own, "value": numbers.compact(record.identity.number)}
    for number in record.further_numbers:
        yield {"use": "old", "system": own, "value": numbers.compact(number)}
    for kind, value, said in record.numbers:
        yield {"extension": [said_by(said)], "system": systems[kind], "value": value}


def _names(record: Record) -> list[Told]:
    """All of them, the legal one first; of a protected child the one that is shown."""
    if not record.names:
        return [{"use": USES[NameKind.LEGAL], "text": record.identity.name}]
    ordered = sorted(record.names, key=lambda each: each[0] != NameKind.LEGAL)
    return [
        _named(kind, name.given, name.family) | known(period=period(name.valid_from, name.valid_to))
        for kind, name in ordered
    ]


def _named(kind: NameKind, given: str, family: str) -> Told:
    return known(use=USES[kind], text=f"{given} {family}".strip(), family=family, given=given.split())


def _address(address: Address) -> Told:
    """An address, or in words why none is known."""
    postal = address.postal
    lasts = address.state == AddressState.CURRENT and not address.valid_to
    where = (
        known(line=list(postal.lines), city=postal.town, postalCode=postal.postcode)
        if postal
        else {"text": str(address.state.label)}
    )
    return known(
        extension=[
            extension("address-state", valueCoding=coding("address-state", address.state)),
            said_by(address.provenance),
        ],
        use="home" if lasts else "old",
        **where,
        period=period(address.valid_from, address.valid_to),
    )
