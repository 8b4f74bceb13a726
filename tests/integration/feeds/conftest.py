from tests.integration.registry.conftest import add, town

__all__ = ["add", "town"]
