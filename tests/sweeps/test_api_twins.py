"""A page and its twin in the API tell the same person the same: every fact, and whether they are told anything."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from access.door.sessions import SessionStore
from access.models import OrganisationKind, User
from access.systems import tokens
from audit.actors import Actor
from pages.wording import long_moment
from registry.references import refer_to
from registry.values import Assessment
from registry.views.showing import ShownAddress, ShownChild, ShownInvolvement, ShownRecord, validity
from registry.vocabulary import NameKind, Service
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.api.asking import Asking, system_of, told
from tests.integration.registry.conftest import add, town  # noqa: F401 - fixtures
from tests.integration.registry.merging import OTHER_NHS, amina
from tests.integration.registry.people import (
    CONFIRMED,
    NHS_NUMBER,
    SAID_BY,
    AddChildren,
    Town,
    address,
    draft,
    guardian,
    involvement,
    name,
    numbers,
)
from tests.integration.registry.visiting import SEARCH, Visitor

Facts = dict[str, Any]
READERS = ("teacher", "social_worker", "therapist", "elsewhere")
SERVICES = (
    *(("school", Service.SCHOOL), ("practice", Service.GP), ("authority", Service.EARLY_HELP)),
    *(("police", Service.POLICE), ("clinic", Service.MENTAL_HEALTH)),
)


@pytest.fixture
def db(own_database: str) -> None:
    """Here every test commits: what an event allows is read after it is committed."""


@dataclass
class Reader:
    """One person in a browser and in a system."""

    visitor: Visitor
    asking: Asking

    @classmethod
    def of(cls, person: User, asking: Asking) -> "Reader":
        return cls(Visitor(person), asking)

    def at_page(self, child_id: int) -> str:
        """A reference to the child, good in the browser."""
        session = SessionStore(self.visitor.browser.cookies[django_settings.SESSION_COOKIE_NAME].value)
        session.get("")  # which loads it
        assert session.row_id is not None
        person = self.visitor.person
        return refer_to(
            Actor(
                user_id=person.pk,
                role=person.role,
                organisation_id=person.organisation_id,
                authority_id=person.organisation.authority_id,
                session_id=session.row_id,
                request_id=factories.SETTING_UP_REQUEST,
                session_key=session.key_fingerprint,
            ),
            child_id,
        )

    def in_system(self, child_id: int) -> str:
        """A reference to the child, good in the system."""
        bearer = tokens.presented(self.asking.token)
        assert bearer is not None
        return refer_to(bearer.actor(factories.SETTING_UP_REQUEST), child_id)


@dataclass
class Twins:
    """Everybody who reads, and what the last page was made of."""

    readers: dict[str, Reader]
    shown: dict[str, Any]

    def record(self, who: str, child_id: int) -> tuple[HttpResponse, HttpResponse]:
        """What page and API answer to somebody who opens the child's record."""
        reader = self.readers[who]
        self.shown.clear()
        page = reader.visitor.give_reason(reader.at_page(child_id))
        return page, reader.asking.open(reader.in_system(child_id))

    def compare(self, who: str, child_id: int) -> Facts:
        """Open the child's record in both ways. Returns what was answered, which must be what the page shows."""
        page, answer = self.record(who, child_id)
        assert page.status_code == answer.status_code == 200
        opened = told(answer)
        assert facts_of_answer(opened) == facts_of_page(self.shown["record"])
        return opened

    def compare_recent(self, who: str) -> int:
        """The rows of records opened lately, which must be the same. Returns how many there are."""
        reader = self.readers[who]
        self.shown.clear()
        reader.visitor.get(reverse("lately"))
        recent = told(reader.asking.get("/recent"))["children"]
        assert [row_of_answer(each | when_opened(each)) for each in recent] == [
            row_of_page(each) for each in self.shown["children"]
        ]
        return len(recent)

    def compare_found(self, who: str, **asked: str) -> int:
        """The rows of results, which must be the same. Returns how many there are."""
        reader = self.readers[who]
        self.shown.clear()
        reader.visitor.search(**(SEARCH | asked))
        found = told(reader.asking.find(date_of_birth="2017-04-09", family_name="Hussain", **asked))
        rows = [row_of_page(each) for each in self.shown["results"]]
        assert [row_of_answer(each) for each in found["matches"]] == rows
        assert found["too_many"] == self.shown["too_many"]
        return len(found["matches"])


@pytest.fixture
def twins(town: Town, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Twins:  # noqa: F811
    settings.API_RATES = {"system": 10**9, "person": 10**9}
    with as_owner_here():
        authority = factories.organisation(kind=OrganisationKind.AUTHORITY)
        stranger = factories.user(works_for=factories.organisation(authority=authority))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE access_budget SET hourly = 2000000000, daily = 2000000000")
    here, there = system_of(town.authority), system_of(authority)
    people = {who: getattr(town, who) for who in READERS if who != "elsewhere"}
    readers = {who: Reader.of(person, Asking(here, person)) for who, person in people.items()}
    readers["elsewhere"] = Reader.of(stranger, Asking(there, stranger))
    shown: dict[str, Any] = {}

    def noted(request: Any, template: str, context: dict[str, Any], **more: Any) -> HttpResponse:
        shown.update(context)
        return render(request, template, context, **more)

    monkeypatch.setattr("registry.views.lately.render", noted)
    monkeypatch.setattr("registry.views.records.render", noted)
    monkeypatch.setattr("registry.views.searching.render", noted)
    return Twins(readers, shown)


def facts_of_page(record: ShownRecord) -> Facts:
    return {
        "name": record.name,
        "date_of_birth": _day(record.date_of_birth),
        "age": record.age,
        "gender": record.gender,
        "number": record.number,
        "date_of_death": _day(record.date_of_death),
        "other_names": record.other_names,
        "said_by": [(parts, said.source, _day(said.confirmed_on)) for parts, said in record.who_said],
        "differ": record.differ,
        "numbers": [(each.label, each.value, each.provenance and _said(each.provenance)) for each in record.numbers],
        "addresses": [_address_of_page(each) for each in record.addresses],
        "guardians": [
            (
                *(each.name, each.relation, each.parental_responsibility, each.lives_with_child, each.telephone),
                _said(each.provenance),
            )
            for each in record.guardians
        ],
        "involvements": [_involvement_of_page(each) for each in record.involvements],
        "ended": [_involvement_of_page(each) for each in record.involvements_ended],
        "sensitive": record.sensitive,
        "assessment_holder": record.assessment_holder,
        "shielded": record.shielded,
        "authority": (record.authority.name, record.authority.telephone),
        "leave_until": _day(record.leave_until),
        "kept_until": _day(record.kept_until),
        "may_record": record.record_url is not None,
    }


def facts_of_answer(record: Facts) -> Facts:
    return {
        **{each: record[each] for each in ("name", "date_of_birth", "age", "number", "date_of_death", "shielded")},
        **{each: record[each] for each in ("assessment_holder", "leave_until", "kept_until", "may_record")},
        "gender": record["gender"]["label"],
        "other_names": [(each["kind"]["label"], each["name"], _valid(each)) for each in record["other_names"]],
        "said_by": [(each["parts"], each["source"], each["confirmed_on"]) for each in record["said_by"]],
        "differ": {each["part"]: each["told"] for each in record["differ"]},
        "numbers": [
            *(("Registry number, too", each, None) for each in record["further_numbers"]),
            *((each["kind"]["label"], each["value"], _whose(each)) for each in record["numbers"]),
        ],
        "addresses": [_address_of_answer(each) for each in record["addresses"]],
        "guardians": [
            (
                *(each["name"], each["relation"]["label"], each["parental_responsibility"], each["lives_with_child"]),
                each["telephone"],
                _whose(each),
            )
            for each in record["guardians"]
        ],
        "involvements": [_involvement_of_answer(each) for each in record["involvements"]],
        "ended": [_involvement_of_answer(each) for each in record["ended_involvements"]],
        "sensitive": record["sensitive_service"],
        "authority": (record["authority"]["name"], record["authority"]["telephone"]),
    }


def row_of_page(row: ShownChild) -> tuple[Any, ...]:
    return (
        *(row.name, row.also, _day(row.date_of_birth), row.age, row.gender, row.locality, row.shielded),
        *(list(row.why), list(row.differs)),
    )


def row_of_answer(row: Facts) -> tuple[Any, ...]:
    return (
        *(row["name"], row["also"], row["date_of_birth"], row["age"], row["gender"]["label"], row["locality"]),
        *(row["shielded"], row["why"], row["differs"]),
    )


def when_opened(row: Facts) -> Facts:
    """As the page says it, where it says of a result why it is one."""
    at = datetime.fromisoformat(row["opened_at"])
    return {"why": [f"You opened this record on {long_moment(at)}"], "differs": []}


def _involvement_of_page(one: ShownInvolvement) -> tuple[Any, ...]:
    number = int(one.withdraw_url.split("/")[-3]) if one.withdraw_url else None
    return (
        *(number, one.organisation, _day(one.closed_on), one.service, one.practitioner, one.telephone),
        *(_day(one.since), _day(one.ended_on), one.lead, _said(one.provenance)),
    )


def _involvement_of_answer(one: Facts) -> tuple[Any, ...]:
    where = one["organisation"]
    return (
        *(one["id"], where["name"], where["closed_on"], one["service"]["label"], one["practitioner"], one["telephone"]),
        *(one["started_on"], one["ended_on"], one["lead"], _whose(one)),
    )


def _address_of_page(one: ShownAddress) -> tuple[Any, ...]:
    return (one.label, one.lines, one.validity, _said(one.provenance))


def _address_of_answer(one: Facts) -> tuple[Any, ...]:
    label = "Earlier address" if one["valid_to"] else one["state"]["label"]
    lines = [*one["lines"], one["town"], one["postcode"]] if one["town"] else []
    return (label, lines, _valid(one), _whose(one))


def _valid(one: Facts) -> str:
    first, last = (value and date.fromisoformat(value) for value in (one["valid_from"], one["valid_to"]))
    return validity(first, last)


def _said(provenance: Any) -> tuple[str, str | None]:
    return provenance.source, _day(provenance.confirmed_on)


def _whose(one: Facts) -> tuple[str, str]:
    return one["said_by"]["source"]["label"], one["said_by"]["confirmed_on"]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def children() -> st.SearchStrategy[Facts]:
    """Of a child, which of all that can be known is known."""
    ended = st.sampled_from([None, date(2025, 3, 1)])
    services = st.lists(st.tuples(st.sampled_from(SERVICES), ended, st.booleans()), max_size=5)
    return st.fixed_dictionaries(
        {
            "shielded": st.booleans(),
            "died": st.booleans(),
            "names": st.booleans(),
            "numbered": st.just(False),  # a number is one child's alone
            "addresses": st.booleans(),
            "guardians": st.booleans(),
            "said": st.booleans(),
            "assessed": st.sampled_from(["", "authority", "clinic"]),
            "services": services,
        }
    )


def made(town: Town, drawn: Facts) -> factories.Draft:  # noqa: F811
    """The child that was drawn."""
    names = [(NameKind.LEGAL, name("Amina", "Hussain"))]
    if drawn["names"]:
        names += [(NameKind.FORMER, name("Amina", "Malik")), (NameKind.KNOWN_AS, name("Mina", "Hussain"))]
    led = next((place for place, (_what, _end, lead) in enumerate(drawn["services"]) if lead), None)
    services = [
        (place == led, involvement(getattr(town, where), what, ended_on=end))
        for place, ((where, what), end, _lead) in enumerate(drawn["services"])
    ]
    more: Facts = {"said_by": SAID_BY} if drawn["said"] else {}
    return draft(
        town,
        names=names,
        addresses=(address(), address("OL1 2CD")) if drawn["addresses"] else (),
        guardians=(guardian("Farah"),) if drawn["guardians"] else (),
        involvements=services,
        numbers=numbers() if drawn["numbered"] else [],
        assessment=Assessment(getattr(town, drawn["assessed"]).pk, CONFIRMED) if drawn["assessed"] else None,
        shielded_since=factories.today() if drawn["shielded"] else None,
        date_of_death=date(2026, 2, 3) if drawn["died"] else None,
        **more,
    )


@pytest.mark.parametrize("shielded", [False, True])
def test_page_and_api_tell_the_same_of_any_child(
    town: Town,  # noqa: F811
    add: AddChildren,  # noqa: F811
    twins: Twins,
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
    def compare(drawn: Facts, who: str) -> None:
        (child,) = add(made(town, drawn | {"shielded": shielded}))
        opened.append(twins.compare(who, child.pk)["involvements"])

    compare()
    assert any(opened) != shielded


@pytest.mark.parametrize("shielded", [False, True])
def test_page_and_api_find_the_same(town: Town, add: AddChildren, twins: Twins, shielded: bool) -> None:  # noqa: F811
    everything = dict.fromkeys(("died", "names", "numbered", "addresses", "guardians", "said"), True)
    services = [(each, None, each[0] == "school") for each in SERVICES]
    drawn = everything | {"died": False, "assessed": "clinic", "services": services, "shielded": shielded}
    (child,) = add(made(town, drawn))
    for who in READERS:
        assert twins.compare_found(who, given_name="Amina") == 1
        for asked in ({"given_name": "Nobody"}, {"postcode": "M33 4AB"}, {"number": NHS_NUMBER}, {"number": OTHER_NHS}):
            twins.compare_found(who, **({"given_name": "Amina"} | asked))
        assert twins.compare_recent(who) == 0
        twins.compare(who, child.pk)
        assert twins.compare_recent(who) == 1


def test_both_tell_the_same_of_two_under_one(town: Town, add: AddChildren, twins: Twins) -> None:  # noqa: F811
    bureau = amina(town, add)
    bureau.put_together()
    for who in READERS:
        twins.compare(who, bureau.two.stays)
        page, answer = twins.record(who, bureau.two.under)
        assert page.status_code == answer.status_code
        assert answer.status_code == 404


def test_page_and_api_refuse_the_same(town: Town, add: AddChildren, twins: Twins) -> None:  # noqa: F811
    (child,) = add(draft(town))
    page, answer = twins.record("teacher", child.pk + 1)
    assert page.status_code == answer.status_code == 404
