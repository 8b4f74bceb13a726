"""A family is answered who looked at a record: begun, confirmed line by line, released by another, made into a letter."""

import hashlib

import pytest
from django.test import Client

from access.models import Organisation, User
from audit.events import EventKind
from audit.recorder import open_criteria
from tests import factories
from tests.integration.review.answering import (
    answer,
    answers,
    begun,
    child_with,
    confirmed,
    looked,
    page_of,
    step,
)
from tests.integration.review.reading import text_of
from tests.log import events, last_event
from tests.pdf import text_in


@pytest.fixture
def other(colleague: User) -> Client:
    return factories.signed_in(colleague)


def test_two_auditors_answer_a_parent(
    visitor: Client, other: Client, auditor: User, colleague: User, teacher: User, council: Organisation
) -> None:
    child = child_with(authority=council)
    look = looked(teacher, child.pk)
    asked = begun(visitor)
    told = last_event(kind=EventKind.ANSWER_BEGUN)
    assert (told.actor_id, told.child_id, told.reason) == (auditor.pk, child.pk, "parent")
    assert told.fields == [f"answer.{asked.pk}"]

    page = text_of(page_of(visitor, asked))
    assert teacher.organisation.name in page
    assert "They had a concern about safety or welfare" in page
    assert teacher.name.open() not in page
    said = text_of(confirmed(visitor, asked))
    assert "You have confirmed the answer. Now another auditor checks and releases it." in said
    assert "Release the letter" not in said
    said = text_of(step(other, asked, "release_answer"))
    assert "The letter is released." in said
    response = step(other, asked, "make_letter")

    letter = text_in(response.content)
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    for told_of in (teacher.organisation.name, "999 173 6115", council.name, f"FA {asked.pk}", "Opened the record"):
        assert told_of in letter
    assert teacher.name.open() not in letter
    kept = answer(asked.pk)
    assert (kept.confirmed_by_id, kept.released_by_id) == (auditor.pk, colleague.pk)
    assert kept.letter.open() == hashlib.sha256(response.content).hexdigest()
    made = last_event(kind=EventKind.ANSWER_MADE)
    assert made.actor_id == colleague.pk
    assert open_criteria(made.criteria, writer_id=made.writer, number=made.number) == {"letter": kept.letter.open()}
    assert kept.confirmed.open().decisions == {look: ("full", "nothing_against")}
    assert [each.kind for each in events(kind__startswith="answer.")] == [
        "answer.begun",
        "answer.confirmed",
        "answer.released",
        "answer.made",
    ]
