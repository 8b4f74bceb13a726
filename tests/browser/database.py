"""The database of the running service, for what no page can do: add people, let time pass."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections
from pytest_django.plugin import DjangoDbBlocker

from registry.search import index
from tests.service import DATABASE


@contextmanager
def service_database(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Inside, Django is connected to the service's database as the tables' owner, and commits."""
    own = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = DATABASE
    try:
        with blocker.unblock():
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE contactpoint_owner")
            yield
            connections.close_all()
    finally:
        # It is of the service's index, not of this process's own.
        index.tokeniser.cache_clear()
        connection.settings_dict["NAME"] = own
