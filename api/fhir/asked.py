"""What is asked in a search for a Patient: parameters as the NHS Personal Demographics Service has them.

Each becomes what the form of the page Find a child takes, which says the rest.
"""

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.datastructures import MultiValueDict

from api.errors import WrongFieldsError, wrong_in
from api.fhir.patients import number_systems
from api.problems import Wrong
from api.serializers.asked import birth_boxes
from api.serializers.strict import LONGEST_TEXT
from registry.forms.searching import SearchForm
from registry.rules import numbers
from registry.search.criteria import Criteria
from registry.vocabulary import Gender

MOST = "_max-results"
FORMAT = "_format"
FORMATS = ("json", "application/json", "application/fhir+json")
# Their kinds, and what is said of each in the CapabilityStatement.
PARAMETERS: Mapping[str, tuple[str, str]] = {
    "family": ("string", "The family name, the present one or an earlier one; spelling does not have to be right."),
    "given": ("string", "A given name; may be repeated."),
    "birthdate": (
        "date",
        "A day like eq2017-04-09, or a month or a year; or ge and le with the first and the last day of one.",
    ),
    "gender": ("token", "female or male."),
    "address-postalcode": ("string", "All of a postcode, or its first part. No protected child is found by it."),
    "identifier": ("token", "System and value of an NHS number, a unique pupil number or the registry's own number."),
    MOST: ("number", "From 1 to 10: where more fit, nobody is shown."),
}
BOXES = {
    "family": "family_name",
    "given": "given_name",
    "birthdate": "date_of_birth",
    "gender": "gender",
    "address-postalcode": "postcode",
    "identifier": "number",
}
NAMES = {box: name for name, box in BOXES.items()} | {NON_FIELD_ERRORS: ""}
REPEATED = {"given": 8, "birthdate": 2}  # at most
BORN = re.compile(r"(?:eq)?([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)")
BORN_WANTED = (
    "Send a day like eq2017-04-09, a month like 2017-04 or a year like 2017; or ge and le with the first and the last "
    "day of such a month or year"
)
RANGE = re.compile(r"(ge|le)([0-9]{4})-([0-9]{2})-([0-9]{2})")
NOT_ENOUGH = (
    "Send a name with a birthdate that is a day; or both names with a birthdate that is a month or a year, or with "
    "part of a postcode; or a name with a full postcode. Or send an identifier."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Criteria, and how many may be shown."""

    criteria: Criteria
    most: int


def asked_of(sent: MultiValueDict[str, str], today: date) -> Asked:
    """What was asked. Raises WrongFieldsError, which repeats nothing that was sent but names of parameters."""
    if wrongs := _strange(sent):
        raise WrongFieldsError(*wrongs)
    typed: dict[str, str] = {}
    for name, read in READ.items():
        if name in sent:
            typed |= read(sent.getlist(name))
    form = SearchForm(typed, today=today)
    if not form.is_valid():
        raise WrongFieldsError(*(_renamed(each) for each in wrong_in(form, parameters=True)))
    criteria = form.criteria()
    if criteria.number and _system_of(sent.getlist("identifier")) != number_systems()[numbers.kind(criteria.number)]:
        raise WrongFieldsError(Wrong("shape", "This is no number of that system", parameter="identifier"))
    return Asked(criteria, int(sent.get(MOST, settings.SEARCH_RESULT_LIMIT)))


def _strange(sent: MultiValueDict[str, str]) -> list[Wrong]:
    """Parameters that there are not, that stand there too often, or are not of their kind."""
    wrongs = []
    for name, values in sent.lists():
        if name not in (*PARAMETERS, FORMAT):
            wrongs.append(Wrong("unknown", "There is no such parameter", parameter=name))
        elif len(values) > REPEATED.get(name, 1):
            wrongs.append(Wrong("twice", f"Send it {REPEATED.get(name, 1)} times at most", parameter=name))
        elif any(len(value) > LONGEST_TEXT for value in values):
            wrongs.append(Wrong("max_length", f"Send {LONGEST_TEXT} characters at most", parameter=name))
    return wrongs


def _text(box: str) -> Callable[[list[str]], dict[str, str]]:
    return lambda values: {box: " ".join(values)}


def _birthdate(values: list[str]) -> dict[str, str]:
    born = _range(values) if len(values) > 1 else BORN.fullmatch(values[0]) and values[0].removeprefix("eq")
    if not born:
        raise WrongFieldsError(Wrong("range", BORN_WANTED, parameter="birthdate"))
    return birth_boxes(born)


def _range(values: list[str]) -> str:
    """The month or the year that both bounds together mean; nothing, where they mean anything else."""
    bounds = {found[1]: found.groups()[1:] for each in values if (found := RANGE.fullmatch(each))}
    if set(bounds) != {"ge", "le"}:
        return ""
    (year, month, first), (other_year, last_month, last) = bounds["ge"], bounds["le"]
    if year != other_year or first != "01":
        return ""
    if (month, last_month, last) == ("01", "12", "31"):
        return year
    whole = month == last_month and 1 <= int(month) <= 12 and int(year) > 0  # noqa: PLR2004 - months
    return f"{year}-{month}" if whole and int(last) == calendar.monthrange(int(year), int(month))[1] else ""


def _gender(values: list[str]) -> dict[str, str]:
    if values[0] not in (Gender.FEMALE.value, Gender.MALE.value):
        raise WrongFieldsError(Wrong("invalid_choice", "Send female or male, or leave it out", parameter="gender"))
    return {"gender": values[0]}


def _identifier(values: list[str]) -> dict[str, str]:
    system, _, value = values[0].partition("|")
    if system not in number_systems().values() or not value:
        known = ", ".join(number_systems().values())
        wanted = f"Send the system and the value with | between them. The systems are: {known}"
        raise WrongFieldsError(Wrong("invalid", wanted, parameter="identifier"))
    return {"number": value}


def _most(values: list[str]) -> dict[str, str]:
    """Of which the form knows nothing."""
    most = settings.SEARCH_RESULT_LIMIT
    if values[0] not in {str(number) for number in range(1, most + 1)}:
        raise WrongFieldsError(Wrong("invalid", f"Send a number from 1 to {most}", parameter=MOST))
    return {}


def _format(values: list[str]) -> dict[str, str]:
    if values[0] not in FORMATS:
        raise WrongFieldsError(Wrong("invalid", "There is JSON alone", parameter=FORMAT))
    return {}


READ: Mapping[str, Callable[[list[str]], dict[str, str]]] = {
    "family": _text("family_name"),
    "given": _text("given_name"),
    "birthdate": _birthdate,
    "gender": _gender,
    "address-postalcode": _text("postcode"),
    "identifier": _identifier,
    MOST: _most,
    FORMAT: _format,
}


def _system_of(identifiers: list[str]) -> str:
    return identifiers[0].partition("|")[0]


def _renamed(wrong: Wrong) -> Wrong:
    """What the form says of a box, of the parameter that it was filled from."""
    name = NAMES[wrong.parameter or NON_FIELD_ERRORS]
    detail = NOT_ENOUGH if wrong.code == "not_enough" else wrong.detail
    return Wrong(wrong.code, detail, parameter=name or None)
