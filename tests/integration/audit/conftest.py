"""An empty log for each test, on a PostgreSQL beside which nobody writes (see sealing.py)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_django import DjangoDbBlocker, Settings

from contactpoint.local import servers as local_servers
from tests.bucket import BucketServer, bucket_server
from tests.integration.audit.keeping import RETENTION, Place
from tests.integration.audit.sealing import connected
from tests.integration.audit.test_outside import House
from transparency.publication import Directory


@pytest.fixture
def publication(tmp_path: Path, settings: Settings) -> Directory:
    settings.PUBLICATION_DIR = tmp_path / "publication"
    return Directory(settings.PUBLICATION_DIR)


@pytest.fixture
def log(cluster: local_servers.Servers, publication: Directory, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Django connected as the sequencer to an empty log. Yields the database's name."""
    name = "sealing"
    cluster.make_database(name, template=local_servers.DATABASE)
    with django_db_blocker.unblock(), connected(cluster.database_address("sequencer", name)):
        yield name
    with psycopg.connect(cluster.postgresql.superuser_address, autocommit=True) as superuser:
        superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def house(tmp_path: Path, settings: Settings) -> House:
    """A witness whose word is believed."""
    made = House(tmp_path / "house")
    settings.WITNESS_KEYS = (made.key.verifier,)
    return made


@pytest.fixture(scope="module")
def server() -> Iterator[BucketServer]:
    with bucket_server() as running:
        yield running


@pytest.fixture
def told(server: BucketServer, settings: Settings) -> dict[str, Any]:
    """A bucket with object lock, which the service is told of."""
    reached = server.make()
    settings.BUCKET = reached | {"retention": RETENTION}
    return reached


@pytest.fixture
def place(cluster: local_servers.Servers, log: str, server: BucketServer, told: dict[str, Any]) -> Place:
    """The log, empty, and a bucket for it."""
    return Place(cluster, log, server, told)
