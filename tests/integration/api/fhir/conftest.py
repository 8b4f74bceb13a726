"""The town, and a teacher of it in a system that speaks FHIR."""

import pytest

from tests.integration.api.asking import system_of
from tests.integration.api.fhir.asking import FhirAsking
from tests.integration.registry.people import AddChildren, Town, full_draft


@pytest.fixture
def teacher(town: Town, add: AddChildren) -> FhirAsking:
    """The teacher of the town in its authority's system, with a child of whom everything is known."""
    add(full_draft(town))
    return FhirAsking(system_of(town.authority), town.teacher)
