"""A PostgreSQL of this process's own, beside which nobody writes: see audit/sealing.py."""

from collections.abc import Iterator

import pytest

from contactpoint.local import servers as local_servers
from tests import servers


@pytest.fixture(scope="session")
def cluster(running_servers: object) -> Iterator[local_servers.Servers]:
    # Not in pytest's own folders, which PostgreSQL's user may not enter.
    directory = servers.run_directory() / f"{servers.own_database()}_quiet"
    directory.mkdir()
    yield servers.start_another(directory)
    local_servers.stop(directory)
