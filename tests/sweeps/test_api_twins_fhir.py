"""A record by FHIR and its twin in JSON tell the same person the same: every fact, of any child."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from api.fhir.ids import id_for
from registry.vocabulary import Gender, NameKind, NumberKind, Service
from tests import factories
from tests.integration.api.asking import told
from tests.integration.api.fhir import asking as fhir
from tests.integration.api.fhir.asking import OURS, FhirAsking, Resource, extensions, resource
from tests.integration.registry.conftest import add, town  # noqa: F401 - fixtures
from tests.integration.registry.people import AddChildren, Town
from tests.sweeps.test_api_twins import READERS, SERVICES, Facts, Reader, Twins, children, made, tokens, twins  # noqa: F401

GENDERS = {"female": Gender.FEMALE, "male": Gender.MALE, "unknown": Gender.NOT_SPECIFIED}
KINDS = {fhir.NHS: NumberKind.NHS, f"{OURS}/Id/unique-pupil-number": NumberKind.UPN}
OWN = f"{OURS}/Id/registry-number"
USES = {"old": NameKind.FORMER, "nickname": NameKind.KNOWN_AS}


@pytest.fixture
def db(own_database: str) -> None:
    """Here every test commits: what an event allows is read after it is committed."""


def facts_of_json(record: Facts) -> Facts:
    """The facts of a record in JSON. An age follows from the days, and is not told by FHIR."""
    return {
        **{each: record[each] for each in ("name", "date_of_birth", "date_of_death", "assessment_holder")},
        **{each: record[each] for each in ("leave_until", "kept_until", "may_record", "sensitive_service")},
        "protected": record["shielded"],
        "gender": record["gender"]["code"],
        "number": _digits(record["number"]),
        "further_numbers": [_digits(each) for each in record["further_numbers"]],
        "other_names": [
            (each["kind"]["code"], each["name"], each["valid_from"], each["valid_to"]) for each in record["other_names"]
        ],
        "said_by": {
            (part, each["source"], each["confirmed_on"])
            for each in record["said_by"]
            for part in re.split(", | and ", each["parts"].lower())
        },
        "differ": {each["part"]: each["told"] for each in record["differ"]},
        "numbers": [(each["kind"]["code"], _digits(each["value"]), *_whose(each)) for each in record["numbers"]],
        "addresses": [
            (
                *(each["state"]["code"], each["lines"], each["town"], each["postcode"]),
                *(each["valid_from"], each["valid_to"], *_whose(each)),
            )
            for each in record["addresses"]
        ],
        "guardians": [
            (
                *(each["name"], each["relation"]["code"], each["parental_responsibility"], each["lives_with_child"]),
                *(each["telephone"], *_whose(each)),
            )
            for each in record["guardians"]
        ],
        "involvements": [
            (
                *(each["id"], each["organisation"]["name"], each["organisation"]["closed_on"]),
                *(each["service"]["code"], each["practitioner"], each["telephone"], each["started_on"]),
                *(each["ended_on"], each["lead"], each["own"], *_whose(each)),
            )
            for each in (*record["involvements"], *record["ended_involvements"])
        ],
        "practices": [
            each["organisation"]["name"] for each in record["involvements"] if each["service"]["code"] == Service.GP
        ],
        "authority": (record["authority"]["name"], record["authority"]["telephone"]),
    }


def facts_of_fhir(bundle: Resource) -> Facts:
    """The same of a Bundle."""
    (patient,) = fhir.told(bundle, "Patient")
    places = {each["fullUrl"]: each["resource"] for each in bundle["entry"]}
    (authority,) = patient["contained"]
    legal, *others = patient["name"]
    numbers = patient["identifier"]
    (security,) = patient["meta"]["security"]
    return {
        "name": legal["text"],
        "date_of_birth": patient["birthDate"],
        "date_of_death": patient.get("deceasedDateTime"),
        "assessment_holder": _value(patient, "assessment-holder"),
        "leave_until": _value(patient, "leave-until"),
        "kept_until": _value(patient, "kept-until"),
        "may_record": _value(patient, "may-record"),
        "sensitive_service": _value(patient, "sensitive-service"),
        "protected": security["code"] == "R",
        "gender": GENDERS[patient["gender"]],
        "number": next(each["value"] for each in numbers if each["system"] == OWN and each["use"] == "usual"),
        "further_numbers": [each["value"] for each in numbers if each["system"] == OWN and each["use"] == "old"],
        "other_names": [(USES[each["use"]], each["text"], *_period(each)) for each in others],
        "said_by": {_head(each) for each in extensions(patient, "said-by")},
        "differ": {
            within["part"]["valueCoding"]["code"]: within["told"]["valueString"]
            for within in map(_within, extensions(patient, "sources-differ"))
        },
        "numbers": [(KINDS[each["system"]], each["value"], *_said(each)) for each in numbers if each["system"] != OWN],
        "addresses": [_address(each) for each in patient.get("address", [])],
        "guardians": [_guardian(each) for each in fhir.told(bundle, "RelatedPerson")],
        "involvements": [_team(each, places) for each in fhir.told(bundle, "CareTeam")],
        "practices": [each["display"] for each in patient.get("generalPractitioner", [])],
        "authority": (authority["name"], _telephone(authority)),
    }


def _address(one: Resource) -> tuple[Any, ...]:
    state = extensions(one, "address-state")[0]["valueCoding"]["code"]
    where = (one.get("line", []), one.get("city"), one.get("postalCode"))
    return (state, *where, *_period(one), *_said(one))


def _guardian(one: Resource) -> tuple[Any, ...]:
    relation = one["relationship"][0]["coding"][0]["code"]
    flags = (_value(one, "parental-responsibility"), _value(one, "lives-with-child"))
    return (one["name"][0]["text"], relation, *flags, _telephone(one), *_said(one))


def _team(one: Resource, places: dict[str, Resource]) -> tuple[Any, ...]:
    number = int(one["identifier"][0]["value"]) if "identifier" in one else None
    place = places[one["managingOrganization"][0]["reference"]]
    closed = _value(place, "closed-on")
    assert place["active"] == (closed is None)
    first, last = _period(one)
    assert (one["status"] == "inactive") == (last is not None)
    (participant,) = one["participant"]
    return (
        *(number, place["name"], closed, one["category"][0]["coding"][0]["code"]),
        *(participant["member"]["display"], _telephone(one), first, last, "role" in participant),
        *(_value(one, "own"), *_said(one)),
    )


def _head(one: Resource) -> tuple[str, str, str]:
    within = _within(one)
    part, source = (within[each]["valueCoding"]["display"] for each in ("part", "source"))
    return part.lower(), source, within["confirmedOn"]["valueDate"]


def _said(one: Resource) -> tuple[str, str]:
    within = _within(extensions(one, "said-by")[0])
    return within["source"]["valueCoding"]["code"], within["confirmedOn"]["valueDate"]


def _within(one: Resource) -> dict[str, Resource]:
    return {each["url"]: each for each in one["extension"]}


def _value(one: Resource, name: str) -> Any:
    found = extensions(one, name)
    return next((value for each in found for key, value in each.items() if key.startswith("value")), None)


def _telephone(one: Resource) -> str | None:
    return one["telecom"][0]["value"] if "telecom" in one else None


def _period(one: Resource) -> tuple[str | None, str | None]:
    period = one.get("period", {})
    return period.get("start"), period.get("end")


def _whose(one: Facts) -> tuple[str, str]:
    return one["said_by"]["source"]["code"], one["said_by"]["confirmed_on"]


def _digits(number: str) -> str:
    return number.replace(" ", "")


def compare(reader: Reader, child_id: int) -> Facts:
    """Open the child's record in both ways. Returns the facts, which must be the same."""
    asking = reader.asking
    bearer = tokens.presented(asking.token)
    assert bearer is not None
    patient = id_for(bearer.actor(factories.SETTING_UP_REQUEST), child_id)
    bundle = resource(FhirAsking(asking.system, asking.person, asking.token).everything(patient))
    record = told(asking.open(reader.in_system(child_id)))
    facts = facts_of_json(record)
    assert facts_of_fhir(bundle) == facts
    return facts


@pytest.mark.parametrize("shielded", [False, True])
def test_fhir_and_json_tell_the_same_of_any_child(
    town: Town,  # noqa: F811
    add: AddChildren,  # noqa: F811
    twins: Twins,  # noqa: F811
    shielded: bool,
) -> None:
    """Of one kind at a time: all live at one home, and one shield would hide them all (ADR 43)."""
    opened = []

    @examples(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    @given(drawn=children(), who=st.sampled_from(READERS))
    def of_any(drawn: Facts, who: str) -> None:
        (child,) = add(made(town, drawn | {"shielded": shielded}))
        opened.append(compare(twins.readers[who], child.pk)["involvements"])

    of_any()
    assert any(opened) != shielded


def test_fhir_and_json_tell_the_same_where_all_is_known(town: Town, add: AddChildren, twins: Twins) -> None:  # noqa: F811
    everything = dict.fromkeys(("died", "names", "numbered", "addresses", "guardians", "said"), True)
    services = [(each, None, True) for each in SERVICES]
    (child,) = add(made(town, everything | {"assessed": "authority", "services": services, "shielded": False}))
    for who in READERS:
        compare(twins.readers[who], child.pk)


@pytest.mark.parametrize("shielded", [False, True])
def test_fhir_and_json_find_the_same(town: Town, add: AddChildren, twins: Twins, shielded: bool) -> None:  # noqa: F811
    everything = dict.fromkeys(("names", "numbered", "addresses", "guardians", "said"), True)
    services = [(each, None, False) for each in SERVICES]
    add(made(town, everything | {"died": False, "assessed": "", "services": services, "shielded": shielded}))
    for who in READERS:
        asking = twins.readers[who].asking
        by_json = told(asking.find())["matches"]
        by_fhir = FhirAsking(asking.system, asking.person, asking.token).found()
        assert [row_of_fhir(each) for each in by_fhir] == [row_of_json(each) for each in by_json]
        assert len(by_fhir) == 1


def row_of_json(row: Facts) -> tuple[Any, ...]:
    return (
        *(row["name"], [each.partition(" ")[2].removeprefix("as ") for each in row["also"]], row["date_of_birth"]),
        *(row["gender"]["code"], row["locality"], row["shielded"], row["why"], row["differs"]),
    )


def row_of_fhir(entry: Resource) -> tuple[Any, ...]:
    patient, search = entry["resource"], entry["search"]
    legal, *others = patient["name"]
    (security,) = patient["meta"]["security"]
    return (
        *(legal["text"], [each["text"] for each in others], patient["birthDate"], GENDERS[patient["gender"]]),
        *(patient["address"][0]["text"] if "address" in patient else None, security["code"] == "R"),
        *([each["valueString"] for each in extensions(search, name)] for name in ("why", "differs")),
    )
