"""All of a record as one Bundle: Patient, RelatedPerson, CareTeam and Organization.

An involvement is a CareTeam, and not an EpisodeOfCare: that one has no telephone number, and the registry is there for
somebody to be rung. What stands beside the Patient can be read in no other way, and has no id of its own.
"""

from collections.abc import Mapping
from uuid import uuid4

from access.models import Organisation
from api.fhir import words
from api.fhir.patients import patient
from api.fhir.words import Told, concept, extension, known, period, said_by
from audit.actors import Actor
from registry.record import KnownInvolvement, Record
from registry.values import GuardianDetails
from registry.views.showing import may_record
from registry.vocabulary import Relation

ROLES = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
# As HL7 calls them, where it has a word for them.
RELATIONS: Mapping[Relation, tuple[str, str]] = {
    Relation.MOTHER: ("MTH", "mother"),
    Relation.FATHER: ("FTH", "father"),
    Relation.PARENT: ("PRN", "parent"),
    Relation.STEP_PARENT: ("STPPRN", "step parent"),
    Relation.GRANDPARENT: ("GRPRN", "grandparent"),
    Relation.FOSTER_CARER: ("PRNFOST", "foster parent"),
    Relation.GUARDIAN: ("GUARD", "guardian"),
    Relation.OTHER_RELATIVE: ("FAMMEMB", "family member"),
}
LEAD = "lead-professional"


def everything(record: Record, actor: Actor) -> Told:
    """The record as this person may see it."""
    child = patient(record, actor)
    where = words.address_of(f"Patient/{child['id']}")
    keeps = may_record(record, actor)
    teams = [*record.current, *record.ended]
    places = {each.organisation.pk: f"urn:uuid:{uuid4()}" for each in teams}
    organisations = {each.organisation.pk: each.organisation for each in teams}
    included = [
        *(_related(each, where) for each in record.guardians),
        *(_team(each, where, places[each.organisation.pk], keeps=keeps) for each in teams),
    ]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": 1,
        "link": [{"relation": "self", "url": f"{where}/$everything"}],
        "entry": [
            {"fullUrl": where, "resource": child, "search": {"mode": "match"}},
            *(_included(f"urn:uuid:{uuid4()}", each) for each in included),
            *(_included(places[key], _organisation(each)) for key, each in organisations.items()),
        ],
    }


def _included(address: str, resource: Told) -> Told:
    return {"fullUrl": address, "resource": resource, "search": {"mode": "include"}}


def _related(guardian: GuardianDetails, child: str) -> Told:
    """A person with parental responsibility or care."""
    code, display = RELATIONS.get(guardian.relation, ("", ""))
    others = [{"system": ROLES, "code": code, "display": display}] if code else []
    name = f"{guardian.given} {guardian.family}".strip()
    return known(
        resourceType="RelatedPerson",
        extension=[
            extension("parental-responsibility", valueBoolean=guardian.parental_responsibility),
            extension("lives-with-child", valueBoolean=guardian.lives_with_child),
            said_by(guardian.provenance),
        ],
        patient={"reference": child},
        relationship=[concept("relation", guardian.relation, *others)],
        name=[known(text=name, family=guardian.family, given=guardian.given.split())],
        telecom=words.telephone(guardian.telephone),
    )


def _team(known_: KnownInvolvement, child: str, organisation: str, *, keeps: bool) -> Told:
    """A service that works or worked with the child, and whom of it to ring."""
    details = known_.details
    lead = {"coding": [{"system": words.address_of("CodeSystem/role"), "code": LEAD, "display": "Lead professional"}]}
    own = known_.own and keeps
    return known(
        resourceType="CareTeam",
        extension=[extension("own", valueBoolean=known_.own), said_by(details.provenance)],
        identifier=[{"system": words.number_system("involvement"), "value": str(known_.id)}] if own else [],
        status="inactive" if details.ended_on else "active",
        category=[concept("service", details.service)],
        name=str(details.service.label),
        subject={"reference": child},
        period=period(details.started_on, details.ended_on),
        participant=[
            known(
                role=[lead] if known_.lead else [],
                member={"type": "Practitioner", "display": details.practitioner},
                onBehalfOf={"reference": organisation},
            )
        ],
        managingOrganization=[{"reference": organisation}],
        telecom=words.telephone(details.telephone),
    )


def _organisation(organisation: Organisation) -> Told:
    """Where somebody works; since when there is no such place any more."""
    code, closed = words.ods_code(organisation), organisation.closed_on
    return known(
        resourceType="Organization",
        extension=[extension("closed-on", valueDate=closed.isoformat())] if closed else [],
        identifier=[code] if code else [],
        active=closed is None,
        name=organisation.name,
    )
