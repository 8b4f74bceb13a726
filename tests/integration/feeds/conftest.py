"""What tests of feeds share with those of the registry: the town, and a way to add children to it."""

from tests.integration.registry.conftest import add, db, refuse_events, town

__all__ = ["add", "db", "refuse_events", "town"]
