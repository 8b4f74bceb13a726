"""A letter says what was confirmed, or is not made."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, OrganisationKind, User
from audit.events import EventKind
from registry.models import Child, Shield
from review.answering import reading
from tests.conftest import as_owner_here
from tests.integration.review.answering import (
    answer,
    begun,
    child_with,
    confirmed,
    days_ago,
    looked,
    page_of,
    step,
)
from tests.integration.review.reading import happened, text_of
from tests.log import events

ANSWERS = reverse("answers")


def renamed(council: Organisation, teacher: User, child: Child) -> None:
    Organisation.objects.filter(pk=teacher.organisation_id).update(name="Another name")


def shielded(council: Organisation, teacher: User, child: Child) -> None:
    today = timezone.localdate()
    Shield.objects.create(child=child, authority=council, started_on=today, review_on=today + timedelta(days=182))


def of_another_kind(council: Organisation, teacher: User, child: Child) -> None:
    Organisation.objects.filter(pk=teacher.organisation_id).update(kind=OrganisationKind.MENTAL_HEALTH)


def looked_again(council: Organisation, teacher: User, child: Child) -> None:
    like = events(kind=EventKind.CHILD_OPENED, child_id=child.pk)[-1].pk
    happened(days_ago(5), like)


@pytest.mark.parametrize("change", [renamed, shielded, of_another_kind, looked_again], ids=lambda each: each.__name__)
@pytest.mark.parametrize("is_released", [False, True], ids=["confirmed", "released"])
def test_letter_whose_facts_changed_since_is_refused(
    visitor: Client,
    other: Client,
    council: Organisation,
    teacher: User,
    change: Callable[[Organisation, User, Child], None],
    *,
    is_released: bool,
) -> None:
    child = child_with(authority=council)
    looked(teacher, child.pk)
    asked = begun(visitor)
    confirmed(visitor, asked)
    if is_released:
        step(other, asked, "release_answer")
    with as_owner_here():
        change(council, teacher, child)

    response = step(other, asked, "make_letter" if is_released else "release_answer")

    assert "What this letter would say has changed since it was confirmed" in text_of(response)
    assert (answer(asked.pk).released_at is not None) == is_released
    assert events(kind=EventKind.ANSWER_MADE) == []


def test_same_letter_comes_out_again_byte_by_byte(
    visitor: Client, other: Client, teacher: User, council: Organisation
) -> None:
    looked(teacher, child_with(authority=council).pk)
    asked = begun(visitor)
    confirmed(visitor, asked)
    step(other, asked, "release_answer")

    assert step(other, asked, "make_letter").content == step(visitor, asked, "make_letter").content
    assert len(events(kind=EventKind.ANSWER_MADE)) == 2


def test_too_many_lines_for_one_letter_are_said_so(
    visitor: Client, teacher: User, council: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = child_with(authority=council)
    for ago in (2, 3, 4):
        looked(teacher, child.pk, ago=ago)
    asked = begun(visitor)
    monkeypatch.setattr(reading, "MOST_LINES", 2)

    said = text_of(page_of(visitor, asked))

    assert "There are too many lines in this time for one letter." in said
    assert "Confirm this answer" not in said
    assert step(visitor, asked, "confirm_answer").status_code == 409
