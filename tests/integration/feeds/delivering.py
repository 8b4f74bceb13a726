"""A supplier's software, at work: accredited to deliver a feed, with a token that it fetched, and no cookies."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import ClientSystem, Role, SystemPurpose
from feeds.models import Supplier
from tests import factories
from tests.conftest import as_owner_here
from tests.integration.feeds.sending import written
from tests.integration.registry.people import Town

SEND = reverse("api_batches")


@dataclass
class Deliverer:
    """The software, and the system as which it is accredited."""

    system: ClientSystem
    secret: str
    browser: Client = field(default_factory=Client)

    def send(self, *rows: dict[str, str], **more: Any) -> HttpResponse:
        return self.send_bytes(written(rows), **more)

    def send_bytes(self, content: bytes, content_type: str = "text/csv", **more: Any) -> HttpResponse:
        return self.browser.generic("POST", SEND, content, content_type, headers=self._shown(), **more)

    def look(self, batch: int) -> HttpResponse:
        return self.browser.get(reverse("api_batch", args=[batch]), headers=self._shown())

    def _shown(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


def delivers(town: Town, feed: Supplier | int, purpose: SystemPurpose = SystemPurpose.FEED) -> Deliverer:
    """Software of the town's authority that delivers the feed; or does something else."""
    with as_owner_here():
        second = factories.user(role=Role.ADMINISTRATOR, works_for=town.authority)
        number = feed if isinstance(feed, int) else feed.pk
        system = factories.client_system(
            town.authority,
            asked_by=town.administrator,
            accredited_by=second,
            purpose=purpose,
            feed=number if purpose == SystemPurpose.FEED else None,
        )
    return Deliverer(system, factories.client_token(system))


def code_of(response: HttpResponse) -> tuple[int, str]:
    """The status of a problem, and its code."""
    assert response["Content-Type"] == "application/problem+json", response.content
    return response.status_code, str(response.json()["code"])
