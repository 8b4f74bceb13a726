"""An authority with an auditor and a teacher, and somebody of another authority."""

import pytest
from django.test import Client

from access.models import Organisation, OrganisationKind, Role, User
from audit.models import RaisedAlert
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.review.alerting import over_budget, raised
from tests.integration.review.casework import compare


@pytest.fixture
def db(own_database: str) -> None:
    """Here every test commits: what an event allows is read after it is committed."""


@pytest.fixture
def council(as_owner: OwnerContext) -> Organisation:
    with as_owner():
        return factories.organisation(kind=OrganisationKind.AUTHORITY)


@pytest.fixture
def auditor(council: Organisation, as_owner: OwnerContext) -> User:
    with as_owner():
        made = factories.user(role=Role.AUDITOR, works_for=council, name="Auditor of this authority")
        compare()
    return made


@pytest.fixture
def teacher(council: Organisation, as_owner: OwnerContext) -> User:
    with as_owner():
        return factories.user(works_for=factories.organisation(authority=council), name="Teacher of this authority")


@pytest.fixture
def stranger(as_owner: OwnerContext) -> User:
    with as_owner():
        made = factories.user(name="Teacher of another authority")
        factories.user(role=Role.AUDITOR, works_for=made.organisation.responsible_authority, name="Auditor of theirs")
    return made


@pytest.fixture
def visitor(auditor: User) -> Client:
    return factories.signed_in(auditor)


@pytest.fixture
def alert(council: Organisation, teacher: User) -> RaisedAlert:
    over_budget(teacher, council)
    return raised()[-1]


@pytest.fixture
def colleague(council: Organisation, as_owner: OwnerContext) -> User:
    with as_owner():
        made = factories.user(role=Role.AUDITOR, works_for=council, name="Second auditor")
        compare()
    return made


@pytest.fixture
def other(colleague: User) -> Client:
    """The second auditor's browser."""
    return factories.signed_in(colleague)
