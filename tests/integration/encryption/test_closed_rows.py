"""What a sealed row keeps to itself: copies, values that are not there, and cohorts."""

import copy
import pickle
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from access.models import OrganisationKind, User
from audit.actors import Process
from audit.events import EventKind
from audit.models import Event
from audit.recorder import About, open_criteria, record
from encryption import keyring
from encryption.errors import KeyMissingError, SealedMisuseError, StaleRowError, ValueDamagedError
from encryption.keys import Purpose, cohort_of
from registry.models import Child, ChildName, Guardian, Involvement
from registry.rules.retention import destroy_on
from registry.values import Assessment
from tests import factories
from tests.integration.encryption.rows import details, involvement_of, take
from tests.unit.encryption.keyrings import keyring_in, write_keyring
from tests.unit.encryption.telling import assert_tells_nothing

CANARY = "Ms Amelia Canary"


@pytest.fixture
def child() -> Child:
    return factories.child()


@pytest.fixture
def row(child: Child) -> Involvement:
    """A row saved once, as another process reads it."""
    return Involvement.objects.get(pk=involvement_of(child).pk)


def test_copy_of_a_row_read_is_never_saved_as_another(row: Involvement) -> None:
    row.pk = None
    row._state.adding = True

    with pytest.raises(ValueDamagedError), transaction.atomic():
        row.save()


def test_copy_in_memory_is_the_same_row(row: Involvement) -> None:
    twin = copy.copy(row)
    assert twin.details.open() == details()
    row.save()

    with pytest.raises(StaleRowError):
        twin.save()


def test_row_never_pickles_in_clear(row: Involvement, child: Child) -> None:
    """A pickled row would carry the value to the cache or to a task's arguments."""
    assert CANARY.encode() not in pickle.dumps(row)
    for clear in (Involvement(child=child, details=details()), involvement_of(child)):
        with pytest.raises(SealedMisuseError):
            pickle.dumps(clear)


def test_value_that_is_not_there_is_sealed_like_any_other(child: Child) -> None:
    alive = take(child, "date_of_death"), take(child, "assessment")
    child.date_of_death = date(2026, 1, 2)
    child.assessment = Assessment(1234567, factories.CENSUS)
    child.save()
    read = Child.objects.get(pk=child.pk)

    assert read.date_of_death.open() == date(2026, 1, 2)
    assert read.assessment.open() == Assessment(1234567, factories.CENSUS)
    assert [len(value) for value in alive] == [len(take(child, "date_of_death")), len(take(child, "assessment"))]


def test_null_stands_only_where_the_column_says_so(child: Child) -> None:
    nothing, asked = (
        Event.objects.get(pk=record(EventKind.CHILD_SEARCHED, About(criteria=criteria), actor=Process("tests")))
        for criteria in (None, {"family": "Canary"})
    )

    assert nothing.criteria is None
    assert open_criteria(bytes(asked.criteria), writer_id=asked.writer, number=asked.number) == {"family": "Canary"}
    with pytest.raises(TypeError), transaction.atomic():
        Involvement.objects.create(child=child, details=None)


def test_destroyed_cohort_closes_its_children_and_no_others(tmp_path: Path) -> None:
    gone, kept = (factories.child(date_of_birth=born) for born in (date(2015, 3, 4), date(2015, 4, 4)))
    name = ChildName.objects.get(child=gone)
    cohort = gone.sealing_cohort()
    directory = tmp_path / "web"
    installed = keyring.current()
    destroyed = installed.sealing_key(Purpose.CHILD, cohort).number
    assert cohort == cohort_of(destroy_on(date(2015, 3, 4), None)) != kept.sealing_cohort()

    write_keyring(directory, *(installed.opening_key(number) for number in installed.numbers() - {destroyed}))

    with keyring_in(directory):
        assert Child.objects.get(pk=kept.pk).date_of_birth.open() == date(2015, 4, 4)
        assert ChildName.objects.get(child=kept).details.open().given == "Amelia"
        for closed in (Child.objects.get(pk=gone.pk).summary, ChildName.objects.get(pk=name.pk).details):
            with pytest.raises(KeyMissingError, match=f"{destroyed:08x}") as refusal:
                closed.open()
            assert_tells_nothing(refusal.value, b"Amelia", b"Okafor")
    assert Child.objects.get(pk=gone.pk).date_of_birth.open() == date(2015, 3, 4)


def test_children_of_one_day_and_of_two_cohorts_look_the_same_at_rest() -> None:
    born = [date(2015, 3, 4)] * 20 + [date(2015, 4, 4)] * 20
    children = [factories.child(date_of_birth=day) for day in born]
    headers = [take(child, "date_of_birth")[1:17] for child in children]

    assert len(set(headers)) == len(headers)
    assert len({len(take(child, "date_of_birth")) for child in children}) == 1
    # No byte of the header is the same within one cohort.
    assert all(len({header[position] for header in headers[:20]}) > 5 for position in range(16))


def test_users_sealed_values_are_no_ones_cohort() -> None:
    user = factories.user(works_for=factories.organisation(kind=OrganisationKind.AUTHORITY), name=CANARY)
    read = User.objects.get(pk=user.pk)

    assert read.sealing_cohort() is None
    assert read.name.open() == CANARY
    assert Guardian.sealing_purpose == Purpose.CHILD
    assert timezone.is_aware(timezone.now())
