"""The pages of batches, as somebody goes from one to another who keeps feeds."""

import re

from django.http import HttpResponse
from django.urls import reverse

from tests.integration.registry.visiting import Visitor, text_of

LIST = reverse("batches")


def addresses(page: HttpResponse, ending: str = "") -> list[str]:
    found: list[str] = re.findall(rf'href="(/batches/[^"]+{ending})"', text_of(page))
    return found


def page_of(visitor: Visitor) -> str:
    """The newest batch's."""
    of_feeds = ("/batches/send/", "/batches/quality/", "/batches/bounds/")
    return next(each for each in addresses(visitor.get(LIST)) if not each.startswith(of_feeds))


def press(visitor: Visitor, step: str) -> HttpResponse:
    """Take the step by the link to it, as the newest batch's page shows it."""
    (address,) = set(addresses(visitor.get(page_of(visitor)), f"/{step}/"))
    return visitor.fill(address)
