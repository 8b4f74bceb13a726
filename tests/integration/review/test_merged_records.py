"""Who looked, of two records that lie together: both while they do, and each its own once they are parted."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from access.models import Organisation, User
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.registry.merging import Bureau, build_bureau
from tests.integration.registry.people import build_town, draft, stranger
from tests.integration.review.reading import asked, happened, ids, opened
from tests.integration.review.test_record_numbers import own_number
from tests.log import events


@pytest.fixture
def bureau(council: Organisation) -> Bureau:
    with as_owner_here():
        town = replace(build_town(), authority=council)
        stays, under = factories.children(draft(town), stranger(town))
    return build_bureau(town, stays, under)


def history(visitor: Client, record: str) -> list[int]:
    """The openings that the log shows of a record."""
    wanted = {each.pk for each in events(kind="child.opened")}
    return sorted(set(ids(asked(visitor, record=record))) & wanted)


def test_the_history_of_both_is_one_while_they_lie_together(visitor: Client, bureau: Bureau, teacher: User) -> None:
    stays, under = bureau.two.stays, bureau.two.under
    with as_owner_here():
        numbers = [own_number(factories.Child.objects.get(pk=each)) for each in (stays, under)]
    second = opened(teacher, child_id=under)
    # Long before: what is read within a minute of it may be read of both.
    first = happened(timezone.now() - timedelta(hours=1), opened(teacher, child_id=stays + 1000), child_id=stays)
    assert [history(visitor, number) for number in numbers] == [[first], [second]]
    bureau.put_together()
    third = opened(teacher, child_id=stays)
    # Both numbers lead to the one, whose history is that of both.
    assert [history(visitor, number) for number in numbers] == [sorted([first, second, third])] * 2
    bureau.part()
    fourth, fifth = opened(teacher, child_id=stays), opened(teacher, child_id=under)
    # Each has its own again; and who read the one meanwhile has read the other.
    assert [history(visitor, number) for number in numbers] == [sorted([first, third, fourth]), [second, third, fifth]]
