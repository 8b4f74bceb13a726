"""An empty log for each test, on a PostgreSQL beside which nobody writes, as the sequencer's tests have one."""

from collections.abc import Iterator

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from contactpoint.local import servers as local_servers
from tests.integration.audit.sealing import connected
from tests.integration.examining.history import History


@pytest.fixture
def log(cluster: local_servers.Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Django connected as the examiner to an empty log. Yields the database's name."""
    name = "examining"
    cluster.make_database(name, template=local_servers.DATABASE)
    with django_db_blocker.unblock(), connected(cluster.database_address("examiner", name)):
        yield name
    with psycopg.connect(cluster.postgresql.superuser_address, autocommit=True) as superuser:
        superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def history(cluster: local_servers.Servers, log: str) -> Iterator[History]:
    address, _, _ = cluster.postgresql.superuser_address.rpartition("/")
    made = History(f"{address}/{log}")
    yield made
    made.server.close()
