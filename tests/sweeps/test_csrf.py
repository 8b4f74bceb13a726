"""No form is taken from another site: every POST without this browser's token is refused, before anything runs."""

from django.db import transaction
from django.test import Client

from access.door.routes import TOKEN_PATHS
from access.models import Role
from tests import factories
from tests.conftest import OwnerContext
from tests.log import events
from tests.sweeps.routes import all_routes

SAYS = "This page is out of date"


def test_every_post_without_a_token_is_refused(as_owner: OwnerContext) -> None:
    with as_owner():
        person = factories.user(role=Role.PRACTITIONER)
    browser = Client(enforce_csrf_checks=False)
    factories.signed_in(person, client=browser)
    browser.handler.enforce_csrf_checks = True
    before = len(events())

    taken = {}
    for route in all_routes():
        if route.path.startswith(TOKEN_PATHS):
            continue  # cookies count for nothing there (tests/integration/access/test_scim.py)
        with transaction.atomic():
            response = browser.post(route.path)
            if response.status_code != 403 or SAYS not in response.content.decode():
                taken[route.name] = response.status_code
            transaction.set_rollback(True)

    assert taken == {}
    assert len(events()) == before
