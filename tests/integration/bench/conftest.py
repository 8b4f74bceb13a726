"""The registry's town, searched by a benchmark."""

from tests.integration.registry.conftest import add, town

__all__ = ["add", "town"]
