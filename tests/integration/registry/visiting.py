"""A signed-in person who walks from page to page as a browser does: by the links and forms they are shown."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from access.models import Role, User
from audit.reasons import Reason
from registry.views import state
from tests import factories
from tests.log import events

# What differs from one request to the next, whatever is on the page: the token of its forms, the time of day, and how
# long the session has stood and will last.
OF_THE_MOMENT = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|\b[0-9]{2}:[0-9]{2}(:[0-9]{2})?\b'
    r'|data-(standing|seconds|longest)="[^"]*"'
)
SEARCH = {
    "given_name": "Amina",
    "family_name": "Hussain",
    "date_of_birth_day": "9",
    "date_of_birth_month": "4",
    "date_of_birth_year": "2017",
}
ANSWERS = {
    "practitioner": "Ada Bell",
    "telephone": "0161 496 0999",
    "started_on_day": "1",
    "started_on_month": "2",
    "started_on_year": "2025",
    "lead": "no",
}
# Why a sensitive service may be entered of a child of eight.
BASIS = {
    "basis": "consent_guardian",
    "decided_by": "parent",
    "competence": "too_young",
    "decided_on_day": "3",
    "decided_on_month": "2",
    "decided_on_year": "2025",
}


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


def main_of(response: HttpResponse) -> str:
    """What the page itself shows, without what stands on every page around it."""
    return text_of(response).partition("<main")[2].partition("</main>")[0]


def rows_of(page: str) -> list[str]:
    """The rows of the table, as words."""
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    told = re.sub(r'<span class="stacked__heading".*?</span>', " ", body, flags=re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in told.split("</tr>") if "<td" in row]


def timeless(response: HttpResponse) -> str:
    """The page as it would be at any moment, so that two can be compared."""
    return OF_THE_MOMENT.sub("", text_of(response))


def hidden(page: HttpResponse) -> dict[str, str]:
    """What the page's forms send without anybody typing it."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text_of(page))
    return {name: unescape(value) for name, value in found}


def kinds() -> list[str]:
    """What was recorded since the person signed in."""
    return [event.kind for event in events(kind__startswith="child.", process="")]


def assert_plain_refusal(response: HttpResponse, status: int) -> None:
    """A page for a person: a heading, a way on, nothing of what was sent."""
    assert response.status_code == status
    told = text_of(response)
    assert "<h1" in told
    assert reverse("home") in told
    assert "Traceback" not in told


@dataclass
class Visitor:
    """One person in one browser."""

    person: User
    browser: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        factories.signed_in(self.person, client=self.browser)

    def get(self, address: str) -> HttpResponse:
        return self.browser.get(address)

    def post(self, address: str, **typed: str) -> HttpResponse:
        return self.browser.post(address, typed)

    def follow(self, address: str, **typed: str) -> HttpResponse:
        return self.browser.post(address, typed, follow=True)

    def take_call(self, colleague: User) -> None:
        """As a mediator, begin the colleague's call."""
        factories.on_call(self.person, colleague, client=self.browser)

    def search(self, **typed: str) -> HttpResponse:
        """The results page."""
        return self.follow(reverse("search"), **self._in_call(), **(typed or SEARCH))

    def reference(self, place: int = 0) -> str:
        """A reference to the child of the place-th result of a search by name and date."""
        return re.findall(r"/record/([^/]+)/reason/", text_of(self.search()))[place]

    def give_reason(self, reference: str, reason: Reason = Reason.SAFEGUARDING) -> HttpResponse:
        """The record, after the reason was given."""
        return self.follow(reverse("open_record", args=[reference]), **self._in_call(), reason=reason.value)

    def opened(self) -> str:
        """A reference to the first child found, whose record was opened."""
        reference = self.reference()
        assert self.give_reason(reference).status_code == 200
        return reference

    def answered(self, reference: str, page: str = "record_involvement", *more: int, **changes: str) -> HttpResponse:
        """The page to check, after the questions of `page` were answered."""
        return self.fill(reverse(page, args=[reference, *more]), **ANSWERS | changes)

    def says_basis(self, reference: str, **changes: str) -> HttpResponse:
        """The page to check, after the questions about the basis of a sensitive service were answered too."""
        return self.fill(reverse("involvement_basis", args=[reference]), **BASIS | changes)

    def fill(self, address: str, **typed: str) -> HttpResponse:
        """Send the form at `address`, as it is shown now, with the boxes filled."""
        return self.follow(address, **hidden(self.get(address)) | typed)

    def save(self, checked: HttpResponse, reference: str) -> HttpResponse:
        """Press Save on the page to check, as it was shown."""
        return self.follow(reverse("check_involvement", args=[reference]), **hidden(checked))

    def _in_call(self) -> dict[str, str]:
        """What the forms of a mediator's call carry."""
        return hidden(self.get(reverse("search"))) if self.person.role == Role.MEDIATOR else {}

    def sign_out(self) -> None:
        self.browser.post(reverse("account_logout"))


def age_reasons(visitor: Visitor, by: timedelta) -> None:
    """Make the reasons in the session older."""
    session = visitor.browser.session
    reasons = {
        child_id: [reason, given_at - by.total_seconds()]
        for child_id, (reason, given_at) in session["desk"][state.REASONS].items()
    }
    session["desk"] = {**session["desk"], state.REASONS: reasons}
    session.save()
