"""One number joins what a request left in the log of the process and in the access log."""

import structlog
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.conftest import OwnerContext
from tests.log import last_event


def test_events_of_one_request_share_its_number_and_others_do_not(as_owner: OwnerContext) -> None:
    with as_owner():
        person = factories.user()
    browser = factories.signed_in(person)
    signed_in = last_event().request_id
    browser.get(reverse("people"))
    refused = last_event().request_id

    assert signed_in
    assert refused
    assert signed_in != refused
    assert structlog.contextvars.get_contextvars() == {"request_id": str(refused)}


def test_number_of_one_request_does_not_stay_for_the_next(db: None) -> None:
    structlog.contextvars.bind_contextvars(canary="of an earlier request")

    Client().get(reverse("help"))

    assert set(structlog.contextvars.get_contextvars()) == {"request_id"}
