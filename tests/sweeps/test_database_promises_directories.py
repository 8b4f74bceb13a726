"""What a directory adds gives nobody access, to an insider with the web role's own login either."""

import io
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from access.models import Organisation
from contactpoint.local.servers import Servers
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.feeds.listing import OAKFIELD, schools
from tests.sweeps.attacking import Place, placed, record
from tests.sweeps.severing import NO_EVENT, NOT_THEIRS, administrator, how


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def school(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """One that a directory brought, of the town's authority."""
    place.as_owner("UPDATE access_organisation SET directory_code = '358' WHERE id = %s", place.town.authority.pk)
    file = tmp_path_factory.mktemp("directory") / "schools.csv"
    file.write_bytes(schools(OAKFIELD))
    with as_worker():
        call_command("take_in_directory", "schools", str(file), stdout=io.StringIO())
    with transaction.atomic(), as_owner_here():
        return Organisation.objects.get(directory_code=OAKFIELD["URN"])


def test_somebody_of_a_school_that_was_never_accredited_does_nothing(place: Place, school: Organisation) -> None:
    """However complete their own vetting is, and though they were signed in before."""
    with transaction.atomic(), as_owner_here():
        person = factories.user(works_for=school)
    actor = factories.actor_for(person)
    with place.connected() as web:
        assert how(record, web, actor, kind="child.searched") == NO_EVENT
    place.as_owner("UPDATE access_organisation SET accredited_until = current_date WHERE id = %s", school.pk)
    with place.connected() as web:
        assert record(web, actor, kind="child.searched")


def test_nobody_says_that_a_directory_was_taken_in(place: Place) -> None:
    told = {"kind": "directory.taken_in", "fields": ["schools", "added.1", "changed.0", "closed.0", "reopened.0"]}
    with place.connected() as web:
        assert how(record, web, administrator(place), **told) == NOT_THEIRS
