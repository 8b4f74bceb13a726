"""A family is answered who looked at a record: confirmed line by line, released by another, made into a letter."""

import hashlib
import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, User
from audit.events import EventKind
from audit.recorder import open_criteria
from review.actions import answers as actions
from review.actions.answers import release_answer
from review.letters.facts import LetterFacts
from review.views.answers import CHANGED
from tests import factories
from tests.ageing import confirmed_longer_ago
from tests.conftest import as_owner_here
from tests.integration.review.answering import (
    BEGIN,
    NHS,
    answer,
    answers,
    asked_by,
    begun,
    boxes,
    child_with,
    confirmed,
    looked,
    page_of,
    step,
)
from tests.integration.review.reading import text_of
from tests.log import events, last_event
from tests.pdf import text_in

ANSWERS = reverse("answers")


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


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"record": ""}, "Enter the number of the record"),
        ({"record": "999"}, "Check the number"),
        ({"record": "nul\0"}, "Check the number"),
        ({"record": "9" * 300}, "Check the number"),
        (boxes("until", date(2020, 1, 1)), "To must be the same day as From or after it"),
        (boxes("until", timezone.localdate()), "To must be before today"),
        ({"since_day": ""}, "From must include a day"),
        ({"asker": ""}, "Choose who asks"),
        ({"asker": "nonsense"}, "Choose who asks, from the list"),
        ({"identity_check": ""}, "Choose how you made sure who they are"),
        ({"right_check": ""}, "Choose how you made sure that they may ask"),
        ({"right_check": "own_record"}, "Choose how you know that they have parental responsibility"),
        ({"asker": "young_person"}, "Of a young person who asks for themself"),
        ({"asker": "acts_for"}, "Of somebody who acts for another"),
    ],
)
def test_beginning_that_is_wrong_says_what_to_do_and_loses_nothing(
    visitor: Client, typed: dict[str, object], message: str
) -> None:
    page = visitor.post(BEGIN, asked_by(**typed))

    assert page.status_code == 200
    assert message in text_of(page)
    assert answers() == []
    if "record" not in typed:
        assert f'value="{NHS}"' in page.content.decode()


def test_number_that_leads_nowhere_is_answered_as_if_nobody_had_looked(visitor: Client) -> None:
    asked = begun(visitor)

    said = text_of(page_of(visitor, asked))

    assert asked.child_id is None
    assert "this number leads to no record" in said
    assert "You have confirmed the answer." in text_of(confirmed(visitor, asked))


def test_whoever_confirmed_it_does_not_release_it(visitor: Client, council: Organisation) -> None:
    asked = begun(visitor)
    confirmed(visitor, asked)

    response = step(visitor, asked, "release_answer")

    assert response.status_code == 403
    assert "nobody decides about themselves" in text_of(response)
    assert answer(asked.pk).released_at is None
    assert last_event(kind=EventKind.ACCESS_REFUSED).outcome == "not_permitted"


def test_given_back_it_is_confirmed_anew_and_begins_with_what_was_chosen(
    visitor: Client, other: Client, council: Organisation, teacher: User
) -> None:
    look = looked(teacher, child_with(authority=council).pk)
    asked = begun(visitor)
    confirmed(visitor, asked, **{f"line_{look}": "nothing.serious_harm"})

    said = text_of(step(other, asked, "give_answer_back", why="tells_too_little"))

    assert "The answer is given back." in said
    assert last_event(kind=EventKind.ANSWER_RETURNED).reason == "tells_too_little"
    page = page_of(visitor, asked).content.decode()
    assert re.search(r'<option value="nothing.serious_harm" selected', page)
    # Whoever gave it back may confirm it, and then the first may release it.
    confirmed(other, asked, **{f"line_{look}": "full.nothing_against"})
    assert "The letter is released." in text_of(step(visitor, asked, "release_answer"))


def test_every_line_needs_a_choice(visitor: Client, council: Organisation, teacher: User) -> None:
    child = child_with(authority=council)
    first, second = looked(teacher, child.pk, ago=4), looked(teacher, child.pk, ago=2)
    asked = begun(visitor)

    page = step(visitor, asked, "confirm_answer", **{f"line_{first}": "nothing.serious_harm"})

    assert "Choose what the letter says of line 2" in text_of(page)
    assert re.search(r'<option value="nothing.serious_harm" selected', page.content.decode())
    assert answer(asked.pk).confirmed_at is None
    assert second


@pytest.mark.parametrize(
    ("route", "typed"),
    [
        ("confirm_answer", {}),
        ("release_answer", {}),
        ("give_answer_back", {"why": "reason_unfit"}),
        ("close_answer", {"result": "no_right"}),
    ],
)
@pytest.mark.parametrize("seen", ["1", "", "x", "99999999999"])
def test_page_that_is_out_of_date_changes_nothing(
    visitor: Client, other: Client, route: str, typed: dict[str, str], seen: str
) -> None:
    asked = begun(visitor)
    confirmed(visitor, asked)
    before = answer(asked.pk).row_version

    page = step(other, asked, route, seen=seen, **typed)

    assert page.status_code == 200
    assert CHANGED in text_of(page) or "This page is out of date. Open the answer again" in text_of(page)
    assert answer(asked.pk).row_version == before


def test_released_twice_at_once_it_is_released_once(
    visitor: Client, auditor: User, other: Client, colleague: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = begun(visitor)
    confirmed(visitor, asked)
    seen, made = answer(asked.pk).row_version, actions.make_letter

    def meanwhile(facts: LetterFacts) -> bytes:
        """Another window of the colleague's is a moment faster."""
        monkeypatch.setattr(actions, "make_letter", made)
        release_answer(actor=factories.actor_for(colleague), answer_id=asked.pk, seen=seen)
        return made(facts)

    monkeypatch.setattr(actions, "make_letter", meanwhile)
    said = text_of(step(other, asked, "release_answer", seen=seen))

    assert CHANGED in said
    assert len(events(kind=EventKind.ANSWER_RELEASED)) == 1
    assert "Make the letter" in said


def test_release_asks_for_the_second_factor_again(visitor: Client, other: Client) -> None:
    asked = begun(visitor)
    confirmed(visitor, asked)
    with as_owner_here():
        confirmed_longer_ago(other.cookies[settings.SESSION_COOKIE_NAME].value, timedelta(minutes=10))

    response = other.post(reverse("release_answer", args=[asked.pk]), {"seen": answer(asked.pk).row_version})

    assert response.url.startswith(reverse("confirm"))
    assert answer(asked.pk).released_at is None


def test_closed_without_a_letter_it_goes_no_further(visitor: Client, other: Client) -> None:
    asked = begun(visitor)

    said = text_of(step(visitor, asked, "close_answer", result="wrong_number"))

    assert "The number is that of another record" in said
    assert last_event(kind=EventKind.ANSWER_CLOSED).reason == "wrong_number"
    assert CHANGED in text_of(confirmed(other, asked))
    assert CHANGED in text_of(step(other, asked, "make_letter"))
    assert f"FA {asked.pk}" in text_of(visitor.get(f"{ANSWERS}?show=closed"))
    assert f"FA {asked.pk}" not in text_of(visitor.get(ANSWERS))


def test_letter_is_not_made_before_it_is_released(visitor: Client, other: Client) -> None:
    asked = begun(visitor)
    assert CHANGED in text_of(step(visitor, asked, "make_letter"))
    confirmed(visitor, asked)
    assert CHANGED in text_of(step(other, asked, "make_letter"))
    assert events(kind=EventKind.ANSWER_MADE) == []


def test_whoever_confirmed_it_may_have_left_meanwhile(visitor: Client, auditor: User, other: Client) -> None:
    asked = begun(visitor)
    confirmed(visitor, asked)
    with as_owner_here():
        User.objects.filter(pk=auditor.pk).update(state="left")

    said = text_of(step(other, asked, "release_answer"))

    assert "The letter is released." in said
    assert "by Auditor of this authority" in said
    assert step(other, asked, "make_letter")["Content-Type"] == "application/pdf"
