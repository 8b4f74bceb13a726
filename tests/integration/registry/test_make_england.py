"""Made in blocks: the rows that `add_children` would make, found by search, taken up where it stopped."""

import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Model

from access.models import User
from audit.events import EventKind
from audit.models import Event
from encryption.sealed import Sealed
from pages import postcodes_in_use
from registry.demonstration import countrywide, england, making
from registry.demonstration.bulk import BlockLoader
from registry.demonstration.countrywide import all_england
from registry.demonstration.load import HouseholdLoader, load_organisations
from registry.demonstration.organisations import organisations
from registry.demonstration.users import PEOPLE
from registry.management.commands import make_england
from registry.management.commands.make_england import SEED
from registry.models import Child, ChildAddress, ChildName, ChildNumber, ChildTraits, Guardian, Involvement, Shield
from registry.rules.numbers import number_fingerprint
from registry.search import index
from registry.traits.values import KEPT
from registry.values import Summary
from tests import servers
from tests.integration.registry.test_epochs import OWNER, connected_as

DETAILS = (ChildName, ChildAddress, ChildNumber, Guardian, Involvement)
TODAY = date(2026, 11, 22)


@pytest.fixture
def empty(own_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Iterator[None]:
    """A registry without children, seen as its owner, and blocks small enough for a test."""
    monkeypatch.setattr(england, "HOUSEHOLDS_IN_A_BLOCK", 12)
    for kind in ("PRIMARIES", "SECONDARIES", "INDEPENDENTS", "PRACTICES"):
        monkeypatch.setattr(countrywide, kind, 0)  # there is one of each in every district all the same
    settings.POSTCODES_FILE = tmp_path / "postcodes"
    forget()
    settings.KEYRING_HOLDER = "worker"
    with connected_as(OWNER):
        yield
    forget()


def forget() -> None:
    making._loader.cache_clear()
    all_england.cache_clear()
    index.forget()
    postcodes_in_use._known.cache_clear()


def make(*arguments: str) -> str:
    said = io.StringIO()
    call_command("make_england", "--processes=1", *arguments, stdout=said)
    return said.getvalue()


def test_whole_england_small(empty: None, tmp_path: Path) -> None:
    said = make("--children=60", f"--users-file={tmp_path / 'users.json'}", f"--disc={tmp_path}")
    assert "GB are free" in said
    households = [home for number in england.blocks_for(60) for home in of_block(number)]
    children = [child for home in households for child in home.children]
    assert Child.objects.count() == ChildName.objects.filter(kind="legal").count() == len(children)
    assert Guardian.objects.count() == sum(len(each.children) for home in households for each in home.guardians)
    assert Shield.objects.count() == sum(child.shielded for child in children)
    assert User.objects.count() == len(PEOPLE)
    for child in children[:10]:
        kept = Child.objects.get(number_fingerprint=number_fingerprint("own", child.registry_number))
        assert kept.number.open() == child.registry_number
        assert [each.family for each in kept.summary.open().names] == [each.family for each in child.names]
    assert Event.objects.filter(kind=EventKind.CHILD_ADDED).count() == len(england.blocks_for(60))
    shown = [child_id for event in Event.objects.filter(kind=EventKind.CHILD_ADDED) for child_id in event.shown]
    assert sorted(shown) == sorted(Child.objects.values_list("pk", flat=True))
    index.scheme()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from search.child_token")
        assert cursor.fetchone() == (len(children),)


def test_a_block_is_what_add_children_makes_of_it(empty: None) -> None:
    """Value by value, but for ids, order, and the registry's own number."""
    index.start_epoch(1000)
    kept = load_organisations(list(organisations(all_england())), today=TODAY)
    homes = of_block(0, TODAY)
    one = undone(lambda: HouseholdLoader(kept, today=TODAY).add(homes))
    other = undone(lambda: BlockLoader(kept, today=TODAY, lean=False).add(homes))
    assert sum(one.values()) > 12 * 10
    assert other == one


def undone(add: Callable[[], int]) -> Counter[tuple[str, ...]]:
    """What there is after `add`, which is then taken back."""
    with transaction.atomic():
        add()
        there = Counter(described(row) for model in (Child, Shield, *DETAILS) for row in model.objects.all())
        with connection.cursor() as cursor:
            cursor.execute("select cardinality(tokens) from search.child_token")
            there.update(("tokens", str(count)) for (count,) in cursor.fetchall())
        there.update(
            ("traits", str(KEPT.open(bytes(row.traits), row=row.pk, version=row.row_version)))
            for row in ChildTraits.objects.all()
        )
        transaction.set_rollback(True)
    return there


def described(row: Model) -> tuple[str, ...]:
    """All that a row says, opened, with the child it is of by their birth rather than by id."""
    said = [type(row).__name__, *(str(row.child.date_of_birth.open()) for _ in range(hasattr(row, "child_id")))]
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(value, Sealed):
            value = value.open()
        if isinstance(value, Summary):
            value = replace(value, number="")
        if field.attname not in {"id", "child_id", "number", "number_fingerprint"}:
            said.append(f"{field.attname} {bytes(value) if isinstance(value, memoryview) else value}")
    return tuple(said)


def test_lean_has_only_what_is_searched_by(empty: None, tmp_path: Path) -> None:
    make("--children=40", "--lean", f"--disc={tmp_path}")
    assert Child.objects.exists()
    assert not any(model.objects.exists() for model in DETAILS)


@pytest.mark.parametrize(("said", "workers"), [((), 1), (("--fast-index",), 1), (("--no-fast-index",), 0)])
def test_all_cores_make_the_index_unless_it_is_to_be_small(
    empty: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: tuple[str, ...], workers: int
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(make_england, "finish", lambda _epoch, *, workers, **_: asked.append(workers))
    make("--children=20", "--lean", f"--disc={tmp_path}", *said)
    assert asked == [workers]


def test_a_registry_with_children_is_left_alone(empty: None, tmp_path: Path) -> None:
    make("--children=20", "--lean", f"--disc={tmp_path}")
    before = Child.objects.count()
    with pytest.raises(CommandError, match="--resume"):
        make("--children=20", "--lean")
    with pytest.raises(CommandError, match="another seed"):
        make("--children=20", "--lean", "--seed=7", "--resume")
    assert Child.objects.count() == before


def test_interrupted_it_goes_on_where_it_stopped(empty: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_block = making.make_block

    def until_the_third(order: making.Order, number: int) -> int:
        if number == 2:
            raise KeyboardInterrupt
        return make_block(order, number)

    with monkeypatch.context() as interrupted:
        interrupted.setattr(making, "make_block", until_the_third)
        with pytest.raises(KeyboardInterrupt):
            make("--children=100", "--lean", f"--disc={tmp_path}")
    with pytest.raises(index.NoIndexError):
        index.scheme()
    before = set(Child.objects.values_list("pk", flat=True))
    make("--children=100", "--lean", "--resume", f"--disc={tmp_path}")
    wanted = [child for number in england.blocks_for(100) for home in of_block(number) for child in home.children]
    assert Child.objects.count() == len(wanted)
    assert before < set(Child.objects.values_list("pk", flat=True))
    index.scheme()


def test_what_does_not_fit_is_refused(empty: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="does not fit"):
        make("--children=900000000000", f"--disc={tmp_path}")
    with pytest.raises(CommandError, match="at least one"):
        make("--children=0")
    assert not Child.objects.exists()


@pytest.mark.slow
def test_by_the_workers_own_login_on_two_cores(own_database: str) -> None:
    environment = servers.login_environment(own_database, redis_database=servers.service_redis_database())
    as_worker = environment | {"DATABASE_ROLE": "worker"}
    servers.manage("make_england", "--children=3000", "--processes=2", environment=as_worker)
    servers.manage("rebuild_index", "--processes=2", "--keep-old", environment=as_worker)
    with connected_as(OWNER), connection.cursor() as cursor:
        cursor.execute("select number, state from search.epoch order by number")
        assert cursor.fetchall() == [(1, "retired"), (2, "serving")]
        cursor.execute(
            "select (select array_agg(id order by id) from registry_child) ="
            " all (select array_agg(child_id order by child_id) from search.child_token group by epoch)"
        )
        assert cursor.fetchone() == (True,)
        assert Child.objects.count() >= 3000


def of_block(number: int, today: date | None = None) -> list[england.Household]:
    return england.block(all_england(), seed=SEED, number=number, today=today or index.started_on())
