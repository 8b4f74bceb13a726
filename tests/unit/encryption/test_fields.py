"""Sealed fields, without a database: what they take, what they give back, and what they refuse to be used for."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import msgspec
import pytest
from django.core import serializers
from django.db.models import Case, F, Q, QuerySet, Value, When
from hypothesis import given, settings
from hypothesis import strategies as st

from access.models import User
from encryption import keyring, seal
from encryption.errors import SealedMisuseError, ValueDamagedError
from encryption.fields import SealedField, Stored
from encryption.keys import Purpose, cohort_of
from encryption.sealed import Sealed
from registry.models import Child, ChildAddress, ChildName, Guardian, Involvement
from registry.values import (
    Address,
    Assessment,
    BasisDecision,
    GuardianDetails,
    InvolvementDetails,
    Name,
    PostalAddress,
    Provenance,
)
from registry.vocabulary import (
    AddressState,
    BasisDecider,
    Competence,
    Gender,
    Relation,
    SensitiveBasis,
    Service,
    Source,
)
from tests.unit.encryption.telling import assert_tells_nothing

CANARY = "Amelia Canary"
COHORT = cohort_of(date(2040, 1, 1))

TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
DATES = st.dates()
IDS = st.integers(1, 2**63 - 1)
PROVENANCE = st.builds(Provenance, st.sampled_from(Source), DATES, st.none() | IDS)
POSTAL = st.builds(PostalAddress, st.lists(TEXT, max_size=4).map(tuple), TEXT, TEXT)
VALUES: dict[SealedField, st.SearchStrategy[Any]] = {
    User._meta.get_field("name"): TEXT,
    Child._meta.get_field("date_of_birth"): DATES,
    Child._meta.get_field("date_of_death"): st.none() | DATES,
    Child._meta.get_field("gender"): st.sampled_from(Gender),
    Child._meta.get_field("assessment"): st.none() | st.builds(Assessment, IDS, PROVENANCE),
    ChildName._meta.get_field("details"): st.builds(Name, TEXT, TEXT, st.none() | DATES, st.none() | DATES, PROVENANCE),
    ChildAddress._meta.get_field("details"): st.builds(
        Address, st.sampled_from(AddressState), st.none() | POSTAL, st.none() | DATES, st.none() | DATES, PROVENANCE
    ),
    Guardian._meta.get_field("details"): st.builds(
        GuardianDetails,
        TEXT,
        TEXT,
        st.sampled_from(Relation),
        st.booleans(),
        st.booleans(),
        st.none() | TEXT,
        PROVENANCE,
    ),
    Involvement._meta.get_field("details"): st.builds(
        InvolvementDetails,
        IDS,
        st.sampled_from(Service),
        TEXT,
        TEXT,
        DATES,
        st.none() | DATES,
        st.none() | st.sampled_from(SensitiveBasis),
        PROVENANCE,
        st.none() | st.builds(BasisDecision, st.sampled_from(BasisDecider), st.sampled_from(Competence), DATES),
    ),
}
FIELDS = st.sampled_from(list(VALUES)).flatmap(lambda field: st.tuples(st.just(field), VALUES[field]))


def sealed_for(field: SealedField, value: object, *, row: int = 7, version: int = 3) -> bytes:
    purpose = field.model.sealing_purpose
    key = keyring.current().sealing_key(purpose, COHORT if purpose == Purpose.CHILD else None)
    return seal.seal(field.encode(value), field.place(row, version), key, pad_to=field.pad_to)


def user() -> User:
    made = User(pk=7, row_version=3, name=CANARY, email="amelia@example.org")
    assert made.name.open() == CANARY
    return made


@settings(deadline=None, max_examples=500)
@given(FIELDS)
def test_value_comes_back_as_it_was(field_and_value: tuple[SealedField, Any]) -> None:
    field, value = field_and_value
    opened = field.open_stored(sealed_for(field, value), row=7, version=3)

    assert opened == value
    assert type(opened) is type(value)


@settings(deadline=None)
@given(FIELDS)
def test_sealed_length_tells_only_the_step(field_and_value: tuple[SealedField, Any]) -> None:
    field, value = field_and_value

    assert (len(sealed_for(field, value)) - 33) % field.pad_to == 0


@pytest.mark.parametrize(
    ("model", "name", "values"),
    [
        (Child, "date_of_birth", [date.min, date(2016, 2, 29), date.max]),
        (Child, "date_of_death", [None, date(2016, 2, 29)]),
        (Child, "gender", list(Gender)),
        (Child, "number", ["12345678901"]),
    ],
)
def test_short_values_are_all_of_one_length(model: type[Child], name: str, values: list[object]) -> None:
    field = model._meta.get_field(name)

    assert {len(sealed_for(field, value)) for value in values} == {49}


SAID = Provenance(Source.SCHOOL_CENSUS, date(2024, 1, 15))
WRONG: dict[str, tuple[type[Any], str, object]] = {
    "number for text": (User, "name", 1234567890),
    "nothing for text": (User, "name", None),
    "bytes for text": (User, "name", b"\xff" + CANARY.encode()),
    "text that no UTF-8 can say": (User, "name", f"{CANARY}\ud800"),
    "text for a date": (Child, "date_of_birth", CANARY),
    "31 February": (Child, "date_of_birth", "2016-02-31"),
    "moment for a date": (Child, "date_of_birth", datetime(2016, 2, 28, 12, 30)),  # noqa: DTZ001 - no date at all
    "word that is not in the list": (Child, "gender", CANARY),
    "text for a name": (ChildName, "details", CANARY),
    "name for an address": (ChildAddress, "details", {"given": CANARY}),
    "name with a number inside": (ChildName, "details", {"given": CANARY, "family": 5}),
    "object": (User, "name", object()),
    "sealed value": (User, "name", Sealed(lambda: CANARY)),
    "word for a day inside": (ChildName, "details", Name(CANARY, "b", CANARY, None, SAID)),  # type: ignore[arg-type]
    "not a number": (Child, "assessment", Assessment(float("nan"), SAID)),  # type: ignore[arg-type]
}


@pytest.mark.parametrize(("model", "name", "value"), WRONG.values(), ids=WRONG.keys())
def test_value_of_another_type_is_refused_and_not_told(model: type[Any], name: str, value: object) -> None:
    with pytest.raises(TypeError, match=f"{model.__name__}.{name}") as refusal:
        model._meta.get_field(name).encode(value)
    assert_tells_nothing(refusal.value, CANARY.encode(), b"1234567890", b"2016-02")


@pytest.mark.parametrize(
    "inside", [b"", b"[", b'"Amelia Canary"', b"{}", b"\xff\xfe Amelia Canary", b'{"given":"Amelia Canary"}']
)
def test_sealed_value_of_another_type_is_damaged_and_not_told(inside: bytes) -> None:
    field = ChildName._meta.get_field("details")
    key = keyring.current().sealing_key(Purpose.USER)
    stored = seal.seal(inside, field.place(7, 3), key)

    with pytest.raises(ValueDamagedError, match=r"registry_childname\.details, row 7, version 3") as refusal:
        field.open_stored(stored, row=7, version=3)
    assert_tells_nothing(refusal.value, CANARY.encode())


def test_assigned_value_is_sealed_from_then_on() -> None:
    made = user()

    assert isinstance(made.name, Sealed)
    assert CANARY not in f"{made} {made!r} {made.name} {vars(made)} {made.__dict__!r}"


def test_sealed_value_is_not_assigned_to_another_row() -> None:
    with pytest.raises(SealedMisuseError, match="clear value"):
        User(name=user().name)
    with pytest.raises(SealedMisuseError, match="clear value"):
        user().email = user().name


def test_pre_save_seals_for_the_rows_own_place() -> None:
    made = user()
    stored = User._meta.get_field("name").pre_save(made, add=True)

    assert isinstance(stored, Stored)
    assert CANARY.encode() not in stored
    assert User._meta.get_field("name").open_stored(stored, row=7, version=3) == CANARY


def test_stored_bytes_print_as_sealed() -> None:
    stored = Stored(b"\x01" * 49)

    shown = [str(stored), repr(stored), f"{stored}", str([stored]), "%s" % stored]  # noqa: UP031 - as log calls do

    assert set(shown) == {"<sealed>", "[<sealed>]"}


ASKING: dict[str, Callable[[QuerySet[User]], object]] = {
    "filter": lambda users: users.filter(name=CANARY),
    "filter by sealed value": lambda users: users.filter(name=Sealed(lambda: CANARY)),
    "filter by none": lambda users: users.filter(name=None),
    "exclude": lambda users: users.exclude(name=CANARY),
    "is null": lambda users: users.filter(name__isnull=True),
    "in": lambda users: users.filter(name__in=[CANARY]),
    "in nothing": lambda users: users.filter(name__in=[]),
    "contains": lambda users: users.filter(name__icontains=CANARY),
    "regular expression": lambda users: users.filter(name__regex=CANARY),
    "range": lambda users: users.filter(name__range=("A", "B")),
    "Q": lambda users: users.filter(~Q(name=CANARY) | Q(pk=1)),
    "F": lambda users: users.filter(name=F("email")),
    "annotation": lambda users: users.annotate(copy=F("name")).filter(copy=CANARY),
    "alias": lambda users: users.alias(copy=F("name")).filter(copy__gt=CANARY),
    "condition": lambda users: users.annotate(found=Case(When(name=CANARY, then=Value(1)), default=Value(0))),
    "through a relation": lambda users: users.filter(organisation__users__name=CANARY),
    "transform": lambda users: users.filter(name__year=2016),
    "order by transform": lambda users: str(users.order_by("name__length").query),
    "get": lambda users: users.get(name=CANARY),
    "get or create": lambda users: users.get_or_create(name=CANARY),
}


@pytest.mark.parametrize("ask", ASKING.values(), ids=ASKING.keys())
def test_search_by_sealed_field_is_refused(ask: Callable[[QuerySet[User]], object]) -> None:
    with pytest.raises(SealedMisuseError, match="sealed") as refusal:
        ask(User.objects.all())
    assert_tells_nothing(refusal.value, CANARY.encode())


@pytest.mark.parametrize("form", ["json", "jsonl", "xml", "python"])
def test_sealed_row_is_not_serialised(form: str) -> None:
    with pytest.raises(SealedMisuseError, match="serialised") as refusal:
        serializers.serialize(form, [user()])
    assert_tells_nothing(refusal.value, CANARY.encode())


def test_sealed_row_is_not_encoded_as_json() -> None:
    with pytest.raises((TypeError, SealedMisuseError)):
        msgspec.json.encode(vars(user()))


def test_field_knows_its_column_type_and_keeps_its_contents_out_of_migrations() -> None:
    field = User._meta.get_field("name")
    name, path, args, options = field.deconstruct()

    assert field.db_type(None) == "sealed"
    assert (name, path, args) == ("name", "encryption.fields.SealedField", [])
    assert "kind" not in options


def test_field_on_the_class_is_itself_no_value() -> None:
    assert not isinstance(User.name, Sealed)
