"""How good what a supplier sends is, by the page of those who keep the feed."""

import re

import pytest
from django.urls import reverse

from feeds.models import Supplier
from registry.models import Child
from tests.integration.feeds.sending import AMINA, NOBODY, supplier, take
from tests.integration.registry.people import NHS_NUMBER, AddChildren, Town, full_draft
from tests.integration.registry.visiting import Visitor, main_of, text_of

REFUSED = {**NOBODY, "key": "N2", "date_of_birth": "0023-01-01"}
CENSUS = [AMINA | {"nhs_number": NHS_NUMBER}, NOBODY, REFUSED]


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    (made,) = add(full_draft(town))
    return made


@pytest.fixture
def census(town: Town) -> Supplier:
    return supplier(town.authority)


@pytest.fixture
def keeper(town: Town) -> Visitor:
    return Visitor(town.administrator)


def address(visitor: Visitor) -> str:
    found = re.findall(r'href="(/batches/quality/[^"]+)"', text_of(visitor.get(reverse("batches"))))
    return str(found[0])


def test_a_batch_is_counted_and_shown(child: Child, census: Supplier, keeper: Visitor) -> None:
    batch = take(census, *CENSUS)
    assert (batch.read, batch.named, batch.silent) == (2, 2, 0)
    assert batch.holds == {"gender": 2, "postcode": 2, "nhs_number": 1}
    assert batch.ages == {"half": 2}
    assert "Nothing stands out." in main_of(keeper.get(address(keeper)))
