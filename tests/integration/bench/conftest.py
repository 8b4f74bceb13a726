"""The registry's town, searched by a benchmark."""

from tests.integration.registry.conftest import add, db, town

__all__ = ["add", "db", "town"]
