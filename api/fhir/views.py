"""The operations: what came in is read, one action is called, its answer is shown."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_safe
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from access.door.routes import public
from access.people.actions.history import NEWEST, read_own_history
from access.rules.roles import Permission
from api.admission import for_systems
from api.callers import actor_of
from api.errors import ProblemError, WrongFieldsError
from api.fhir.asked import FORMAT, FORMATS, asked_of
from api.fhir.capability import statement
from api.fhir.history import bundle
from api.fhir.ids import child_of
from api.fhir.outcomes import FHIR_JSON
from api.fhir.parsing import FhirRenderer, SearchParser
from api.fhir.patients import patient, searchset
from api.fhir.records import everything
from api.problems import Code, Wrong
from audit.reasons import Reason
from registry.actions.finding import open_record, search
from registry.record import Record

REASON = "X-Reason"
REASONS = f"Send the header {REASON} with the code of why the record is opened: " + "; ".join(
    f"{each.value} ({each.label})" for each in Reason
)
LONGEST_EVENT = 19  # digits


class FhirView(APIView):
    """Answers in FHIR."""

    renderer_classes = [FhirRenderer]
    parser_classes = [SearchParser]


class PatientSearch(FhirView):
    """Searches for a child."""

    http_method_names = ["post"]

    def post(self, request: Request) -> Response:
        """Search, as the body says."""
        _only(request)
        actor = actor_of(request)
        sent = request.data
        form: MultiValueDict[str, str] = (
            sent if isinstance(sent, MultiValueDict) else MultiValueDict()
        )  # no body at all
        asked = asked_of(form, timezone.localdate())
        found = search(actor=actor, criteria=asked.criteria, trail=uuid4(), most=asked.most)
        if found.refine:
            raise ProblemError(Code.TOO_MANY_MATCHES, detail=f"Nobody is shown. Add {found.refine}.")
        return Response(searchset(found, actor, asked.criteria))


class Patients(FhirView):
    """Where others are searched by an address: here by no method (api/fhir/outcomes.py says why, and what instead)."""

    http_method_names = []


class Patient(FhirView):
    """Who a child is."""

    http_method_names = ["get"]

    def get(self, request: Request, child: str) -> Response:
        """Open the record, for the reason in the header, and show the Patient of it."""
        return Response(patient(_opened(request, child), actor_of(request)))


class Everything(FhirView):
    """A child's record."""

    http_method_names = ["get"]

    def get(self, request: Request, child: str) -> Response:
        """Open it, for the reason in the header, and show all of it."""
        return Response(everything(_opened(request, child), actor_of(request)))


class AuditEvents(FhirView):
    """What the person did, and what others did in their name."""

    http_method_names = ["get"]

    def get(self, request: Request) -> Response:
        """The newest fifty, or those before an event."""
        _only(request, "before")
        before = request.query_params.get("before", str(NEWEST))
        if not (before.isascii() and before.isdecimal() and len(before) <= LONGEST_EVENT and int(before) <= NEWEST):
            raise WrongFieldsError(Wrong("invalid", "Follow the link next", parameter="before"))
        page = read_own_history(actor=actor_of(request), before=int(before))
        return Response(bundle(page, actor_of(request), int(before)))


@public
@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """The CapabilityStatement."""
    return HttpResponse(FhirRenderer().render(statement()), content_type=FHIR_JSON)


def _opened(request: Request, child: str) -> Record:
    """The record, opened for the reason in the header."""
    _only(request)
    actor = actor_of(request)
    child_id = child_of(actor, child)
    given = request.headers.get(REASON, "")
    if given not in Reason.values:
        code = "invalid_choice" if given else "required"
        raise WrongFieldsError(Wrong(code, REASONS, parameter=REASON))
    return open_record(actor=actor, child_id=child_id, reason=Reason(given))


def _only(request: Request, *names: str) -> None:
    """Raise WrongFieldsError where the address has other parameters than these, or one twice."""
    given: Any = request.query_params
    strange = [name for name in given if name not in (*names, FORMAT)]
    wrongs = [Wrong("unknown", "There is no such parameter", parameter=name) for name in strange]
    wrongs += [Wrong("twice", "Send it once", parameter=name) for name in given if len(given.getlist(name)) > 1]
    if given.get(FORMAT, FORMATS[0]) not in FORMATS:
        wrongs.append(Wrong("invalid", "There is JSON alone", parameter=FORMAT))
    if wrongs:
        raise WrongFieldsError(*wrongs)


patients = for_systems(Permission.CHILD_SEARCH)(Patients.as_view())
patient_search = for_systems(Permission.CHILD_SEARCH)(PatientSearch.as_view())
patient_read = for_systems(Permission.CHILD_OPEN)(Patient.as_view())
patient_everything = for_systems(Permission.CHILD_OPEN)(Everything.as_view())
audit_events = for_systems()(AuditEvents.as_view())
