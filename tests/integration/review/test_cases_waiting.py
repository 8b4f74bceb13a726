"""The start page of an auditor says how many cases wait, and that they were counted is recorded."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from msgspec import structs

from access.models import User
from audit.events import EventKind
from audit.reasons import CaseResult
from review.rules.weights import weights
from tests import factories
from tests.conftest import OwnerContext
from tests.integration.review.casework import case_about, decide, take
from tests.log import last_event


def waiting(browser: Client) -> list[str]:
    """What the page says, line by line, each with its address."""
    section = browser.get(reverse("home")).content.decode().partition('id="waiting"')[2].partition("</section>")[0]
    return [": ".join(line) for line in re.findall(r'<a class="govuk-link" href="([^"]*)">(.*?)</a>', section)]


def test_what_nobody_took_waits_and_what_another_decided(
    visitor: Client, other: Client, teacher: User, stranger: User
) -> None:
    assert waiting(visitor) == []
    assert last_event(kind=EventKind.LOG_READ).fields == ["waiting"]
    case_about(stranger)  # of another authority
    case = case_about(teacher)
    assert waiting(visitor) == waiting(other) == ["/cases/: 1 case waits to be taken"]

    take(visitor, case)
    assert waiting(visitor) == waiting(other) == []
    decide(visitor, case, CaseResult.EMPLOYER.value)
    assert waiting(visitor) == [], "whoever decided it is not the second"
    assert waiting(other) == ["/cases/?show=second: 1 case waits for a second auditor"]


def test_more_than_anybody_works_on_are_not_counted_out(
    visitor: Client, teacher: User, as_owner: OwnerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_owner():
        another = factories.user(works_for=teacher.organisation)
    for person in (teacher, another):
        case_about(person)
    few = structs.replace(weights(), score=structs.replace(weights().score, budget=1))
    for module in ("contactpoint.start", "review.selectors.cases"):
        monkeypatch.setattr(f"{module}.weights", lambda: few)
    assert waiting(visitor) == ["/cases/: More than 1 cases wait to be taken"]
