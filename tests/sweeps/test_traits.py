"""What can be compared is compared by the examiner alone: nothing in the database tells that two people share anything,
and the examiner can open, and make, nothing else."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model
from pytest_django.plugin import DjangoDbBlocker

from access.models import UserTraits
from access.people import traits as people_traits
from contactpoint.local.servers import Servers
from encryption import seal
from encryption.errors import KeyMissingError, ValueDamagedError
from encryption.fields import SealedBytes, SealedField
from encryption.keys import Purpose
from encryption.tokens import trait
from registry.models import ChildTraits
from registry.traits import people, prints, values
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import full_draft
from tests.sweeps.attacking import Place, placed
from tests.unit.encryption.keyrings import keyring_in

COMPARED = ("registry_childtraits", "access_usertraits")
ALIKE = 5  # bytes of a fingerprint
SIBLINGS = 6
TABLES = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'r' AND relnamespace = ANY ('{public,search}'::regnamespace[])
"""


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    """With children who have everything in common, and users of whom two have the same name."""
    with placed(running_servers, django_db_blocker) as made:
        with as_owner_here():
            factories.children(*(full_draft(made.town, numbers=[]) for _ in range(SIBLINGS)))
            for _ in range(2):
                factories.user(works_for=made.town.school, name="Farah Hussain")
        with as_worker():
            people.keep_up_to_date()
        yield made


def stored(model: type[Model]) -> dict[int, tuple[int, bytes]]:
    with as_owner_here():
        return {
            row: (version, bytes(kept))
            for row, version, kept in model.objects.values_list("pk", "row_version", "traits")
        }


def test_rows_of_people_who_have_everything_in_common_have_nothing_in_common(place: Place) -> None:
    for model in (ChildTraits, UserTraits):
        rows = [kept for _version, kept in stored(model).values()]
        assert len(rows) > SIBLINGS
        assert len({len(kept) for kept in rows}) == 1, "length tells who has more"
        # After the version and the number of the one key, which all of them share.
        pieces = [{kept[at : at + ALIKE] for at in range(5, len(kept) - ALIKE + 1)} for kept in rows]
        assert not any(one & other for one, other in combinations(pieces, 2))


def test_no_fingerprint_stands_anywhere_outside_its_seal(place: Place) -> None:
    """In no table, in none of the ways in which a number is written."""
    with keyring_in(settings.KEYRING_DIR / "examiner"):
        opened = [
            values.KEPT.open(kept, row=row, version=version) for row, (version, kept) in stored(ChildTraits).items()
        ]
        opened_users = [
            people_traits.KEPT.open(kept, row=row, version=version)
            for row, (version, kept) in stored(UserTraits).items()
        ]
    found = {each.print for child in opened for each in (*child.families, *child.guardians, *child.guardian_families)}
    found |= {each for child in opened for each in (*child.homes, *child.postcodes, *child.near, *child.telephones)}
    found |= {each.print for user in opened_users for each in (user.family, user.whole) if each}
    assert prints.family("Hussain").print in found  # type: ignore[union-attr]
    written = {form for each in found for form in (str(each), f"{each:010x}")}
    with as_owner_here(), connection.cursor() as cursor:
        cursor.execute(TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT row_::text FROM {table} AS row_")
            everything = "\n".join(text for (text,) in cursor.fetchall())
            assert [form for form in written if form in everything] == [], table


def sealed_values() -> Iterator[tuple[str, bytes, seal.Place]]:
    """Every sealed value that there is but the traits, with the place that it was sealed for."""
    for model in apps.get_models():
        columns = {field.column for field in model._meta.concrete_fields}
        version = "row_version" if "row_version" in columns else "1"
        for field in model._meta.local_concrete_fields:
            table = model._meta.db_table
            if isinstance(field, SealedField | SealedBytes) and table not in COMPARED:
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT {model._meta.pk.column}, {version}, {field.column} FROM {table}")
                    for row, of_version, value in cursor.fetchall():
                        if value is not None:
                            yield (
                                f"{model._meta.label}.{field.name}",
                                bytes(value),
                                seal.Place(table, field.column, row, of_version),
                            )


def test_the_examiners_keyring_opens_no_personal_value(place: Place) -> None:
    with as_owner_here():
        there = list(sealed_values())
    tried: Counter[str] = Counter()
    with keyring_in(settings.KEYRING_DIR / "examiner"):
        for label, value, where in there:
            for purpose in Purpose:
                with pytest.raises((KeyMissingError, ValueDamagedError)):
                    seal.open_sealed(value, where, purpose)
            tried[label] += 1
    assert {"registry.Child.date_of_birth", "registry.Guardian.details", "access.User.name"} <= set(tried)


def test_whoever_holds_the_keys_does_open_them(place: Place) -> None:
    """So that the test above fails for the right reason."""
    with as_owner_here():
        there = [(value, where) for label, value, where in sealed_values() if label == "registry.Guardian.details"]
    with keyring_in(settings.KEYRING_DIR / "worker"):
        assert all(b"Hussain" in seal.open_sealed(value, where, Purpose.CHILD) for value, where in there)


def test_the_examiner_makes_no_fingerprint_and_the_web_process_opens_no_traits(place: Place) -> None:
    with keyring_in(settings.KEYRING_DIR / "examiner"), pytest.raises(KeyMissingError, match="token"):
        trait("family", "hussain")
    row, (version, kept) = next(iter(stored(ChildTraits).items()))
    for process in ("web", "sign_in", "sequencer"):
        with keyring_in(settings.KEYRING_DIR / process), pytest.raises(KeyMissingError):
            values.KEPT.open(kept, row=row, version=version)


def test_traits_of_one_child_do_not_pass_for_anothers(place: Place) -> None:
    (one, (version, kept)), (other, _) = list(stored(ChildTraits).items())[:2]
    with keyring_in(settings.KEYRING_DIR / "examiner"):
        values.KEPT.open(kept, row=one, version=version)
        with pytest.raises(ValueDamagedError):
            values.KEPT.open(kept, row=other, version=version)
