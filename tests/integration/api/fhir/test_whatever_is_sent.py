"""Whatever is sent is answered in FHIR, and lies nowhere in clear."""

from typing import Any
from urllib.parse import urlencode

from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from api.fhir.asked import PARAMETERS
from tests.conftest import OwnerContext
from tests.integration.api.fhir.asking import AMINA, NHS, FhirAsking, resource
from tests.integration.api.test_canaries import everything_kept
from tests.sweeps.canaries import Aviary

FUZZED = examples(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
DATES = st.dates().map(lambda each: each.isoformat())
WRITTEN = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["Amina", "Hussain", "M33 4AB", "female", "10", "json", f"{NHS}|9434765919", "|", "eq", ","]),
    DATES,
    st.builds(str.__add__, st.sampled_from(["eq", "ge", "le", "sa"]), DATES),
)
NAMES = st.one_of(st.sampled_from([*PARAMETERS, "_format"]), st.text(max_size=12))
FORMS = st.lists(st.tuples(NAMES, WRITTEN), max_size=8)


def test_every_form_is_answered(teacher: FhirAsking, as_owner: OwnerContext, settings: Any) -> None:
    settings.API_RATES = {"system": 10**9, "person": 10**9}
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_budget SET hourly = 2000000000, daily = 2000000000")

    @FUZZED
    @given(form=FORMS)
    def ask(form: list[tuple[str, str]]) -> None:
        body = urlencode(form, errors="replace").encode()
        answer = teacher.send("POST", "/Patient/_search", body, **{"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status_code in (200, 422)
        resource(answer, answer.status_code)

    ask()


def test_every_body_and_address_is_answered(teacher: FhirAsking, settings: Any) -> None:
    settings.API_RATES = {"system": 10**9, "person": 10**9}

    @FUZZED
    @given(body=st.binary(max_size=60), more=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20))
    def ask(body: bytes, more: str) -> None:
        for answer in (
            teacher.send("POST", "/Patient/_search", body, **{"Content-Type": "application/x-www-form-urlencoded"}),
            teacher.send("GET", f"/Patient/{more}", **{"X-Reason": "s11"}),
            teacher.send("GET", f"/AuditEvent?{more}"),
        ):
            assert answer.status_code in (200, 400, 404, 405, 422), answer.content
            resource(answer, answer.status_code)

    ask()


def test_nothing_that_is_sent_is_kept_in_clear_or_repeated(teacher: FhirAsking) -> None:
    made = Aviary()
    asked = {
        "given": made.name("given"),
        "family": made.name("family"),
        "address-postalcode": made.postcode("postcode"),
        "birthdate": "eq2017-04-09",
    }
    resource(teacher.search(asked))
    wrongs: list[dict[str, str | list[str]]] = [
        {**AMINA, made.word("a parameter"): made.word("its value")},
        {**AMINA, "gender": made.word("gender"), "birthdate": made.word("born")},
        {"identifier": f"{made.word('system')}|{made.word('number')}"},
        {**AMINA, "family": made.word("family and a digit") + "7"},
        {**AMINA, "_max-results": made.word("most"), "_format": made.word("format")},
    ]
    answers = [teacher.search(each) for each in wrongs]
    answers += [
        teacher.send("POST", "/Patient/_search", made.word("no form").encode()),
        teacher.send("GET", f"/Patient?family={made.word('in an address')}"),
        teacher.read(made.word("a child")),
        teacher.read(teacher.id_of(), made.word("reason")),
        teacher.send("GET", f"/AuditEvent?before={made.word('before')}"),
    ]
    assert {each.status_code // 100 for each in answers} == {4}

    kept = everything_kept()
    said = b"\n".join(each.content for each in answers).lower()
    for canary in made.canaries:
        for trace in {**canary.traces(), **canary.digests()}:
            assert trace.lower() not in kept, f"{canary.label} is kept"
            if canary.label != "a parameter":  # which one there is not is said
                assert trace.lower() not in said, f"{canary.label} is repeated"
