"""What comes in and goes out as FHIR: a search as a form, and resources as JSON, each checked before it is sent."""

from collections.abc import Mapping
from typing import IO, Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.utils.datastructures import MultiValueDict
from fhir.resources.R4B.auditevent import AuditEvent
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.careteam import CareTeam
from fhir.resources.R4B.organization import Organization
from fhir.resources.R4B.patient import Patient
from fhir.resources.R4B.relatedperson import RelatedPerson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from api.errors import ProblemError
from api.fhir.outcomes import FHIR_JSON
from api.problems import Code

MOST_PARAMETERS = 50
# All that is sent but outcomes. What stands in a Bundle alone is named, so that it is loaded before anybody asks.
KINDS = {
    each.get_resource_type(): each
    for each in (AuditEvent, Bundle, CapabilityStatement, CareTeam, Organization, Patient, RelatedPerson)
}


class SearchParser(BaseParser):
    """Refuses what is no form in UTF-8, and any body of more than API_LONGEST_BODY bytes, of which it reads no more."""

    media_type = "application/x-www-form-urlencoded"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> MultiValueDict[str, str]:
        body = stream.read(settings.API_LONGEST_BODY + 1)
        if len(body) > settings.API_LONGEST_BODY:
            raise ProblemError(Code.TOO_LARGE)
        try:
            return form_of(body.decode("utf-8"))
        except ValueError:
            raise ParseError from None


class FhirRenderer(BaseRenderer):
    """A resource in JSON. Raises ValidationError where it is none that FHIR knows."""

    media_type = FHIR_JSON
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        made: str = KINDS[data["resourceType"]].model_validate(data).model_dump_json()
        return made.encode()


def form_of(text: str) -> MultiValueDict[str, str]:
    """The names and values of a form. Raises ValueError."""
    form: MultiValueDict[str, str] = MultiValueDict()
    if text:
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_PARAMETERS
        )
        for name, value in pairs:
            form.appendlist(name, value)
    return form
