"""What this face of the API can do, as FHIR says it: the CapabilityStatement."""

from django.conf import settings

from api.fhir import words
from api.fhir.asked import PARAMETERS
from api.fhir.outcomes import FHIR_JSON
from api.fhir.words import Told

CHANGED = "2026-11-30"
ABOUT = (
    "Who a child is, who cares for them, and who works with them, for systems in which practitioners work. Patients "
    "are searched for by POST Patient/_search alone: what is asked stands in no address, and so in nobody's log. A "
    "record is opened for a reason, in the header X-Reason. Ids of patients are good for one person in one session."
)
OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
OAUTH = "http://terminology.hl7.org/CodeSystem/restful-security-service"
EVERYTHING = "http://hl7.org/fhir/OperationDefinition/Patient-everything"


def statement() -> Told:
    """The statement; anybody may read it."""
    sign_in = settings.SIGN_IN_ADDRESS
    ways = {name: f"{sign_in}/oauth/{name}" for name in ("authorize", "token", "revoke")}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED,
        "kind": "instance",
        "software": {"name": "Contact point"},
        "implementation": {"description": ABOUT, "url": words.address_of("").removesuffix("/")},
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON],
        "rest": [
            {
                "mode": "server",
                "documentation": ABOUT,
                "security": {
                    "extension": [
                        {
                            "url": OAUTH_URIS,
                            "extension": [{"url": name, "valueUri": address} for name, address in ways.items()],
                        }
                    ],
                    "service": [{"coding": [{"system": OAUTH, "code": "OAuth", "display": "OAuth"}]}],
                },
                "resource": [_patient(), _audit_event()],
            }
        ],
    }


def _patient() -> Told:
    return {
        "type": "Patient",
        "interaction": [{"code": "read"}, {"code": "search-type", "documentation": "By POST alone."}],
        "searchParam": [
            {"name": name, "type": kind, "documentation": about} for name, (kind, about) in PARAMETERS.items()
        ],
        "operation": [
            {
                "name": "everything",
                "definition": EVERYTHING,
                "documentation": "The whole record, recorded once: RelatedPerson, CareTeam and Organization with it.",
            }
        ],
    }


def _audit_event() -> Told:
    return {
        "type": "AuditEvent",
        "interaction": [
            {
                "code": "search-type",
                "documentation": "What the person did, and what others did, or tried to do, in their name.",
            }
        ],
        "documentation": "The newest fifty; the link next leads to those before them.",
    }
