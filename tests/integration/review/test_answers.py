"""A family is answered who looked at a record: confirmed line by line, released by another, made into a letter."""

import hashlib
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.models import Organisation, OrganisationKind, Role, User
from audit.events import EventKind
from audit.recorder import open_criteria
from registry import numbers
from registry.models import Child, Shield
from review.actions import answers as actions
from review.actions.answers import release_answer
from review.answering import reading
from review.answering.redaction import ENQUIRY_DAYS
from review.letters.facts import LetterFacts
from review.views.answers import CHANGED
from tests import factories
from tests.ageing import confirmed_longer_ago
from tests.conftest import OwnerContext, as_owner_here
from tests.integration.review.answering import (
    BEGIN,
    NHS,
    OTHER_NHS,
    answer,
    answers,
    asked_by,
    begun,
    boxes,
    child_with,
    choices_of,
    confirmed,
    days_ago,
    listed,
    looked,
    page_of,
    step,
)
from tests.integration.review.reading import happened, text_of
from tests.log import events, last_event
from tests.pdf import text_in

ANSWERS = reverse("answers")


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


# --------------------------------------------------------------------------------------------------- what is left out


def officer(council: Organisation, kind: OrganisationKind = OrganisationKind.POLICE, **options: object) -> User:
    with as_owner_here():
        return factories.user(works_for=factories.organisation(kind=kind, authority=council), **options)


@pytest.mark.parametrize(
    ("kind", "reason", "says", "proposed"),
    [
        (OrganisationKind.POLICE, "s11", "The police looked", "nothing.crime"),
        (OrganisationKind.AUTHORITY, "s47", "It was for a child protection enquiry", "nothing.enquiry"),
        (OrganisationKind.MENTAL_HEALTH, "s10", "A confidential service", "nothing.confidential"),
        (OrganisationKind.SEXUAL_HEALTH, "s10", "A confidential service", "nothing.confidential"),
    ],
)
def test_what_could_harm_is_proposed_to_be_left_out_and_the_letter_does_not_tell_that_it_was(
    visitor: Client, other: Client, council: Organisation, kind: OrganisationKind, reason: str, says: str, proposed: str
) -> None:
    child = child_with(authority=council)
    person = (
        officer(council, kind) if kind != OrganisationKind.AUTHORITY else officer(council, OrganisationKind.CHARITY)
    )
    looked(person, child.pk, reason=reason)
    asked, empty = begun(visitor), begun(visitor, record=OTHER_NHS)

    page = page_of(visitor, asked)
    assert says in text_of(page)
    ((choices),) = choices_of(page).values()
    assert choices[0] == proposed
    letters = []
    for each in (asked, empty):
        confirmed(visitor, each)
        step(other, each, "release_answer")
        letters.append(text_in(step(other, each, "make_letter").content))

    told, nothing = (
        letter.replace(numbers.shown_nhs(NHS), "N").replace(numbers.shown_nhs(OTHER_NHS), "N") for letter in letters
    )
    assert told.replace(f"FA {asked.pk}", "R") == nothing.replace(f"FA {empty.pk}", "R")
    assert "There is nothing that we can tell you for this time." in told


def test_confidential_service_is_never_told_whatever_is_posted(visitor: Client, council: Organisation) -> None:
    looked(officer(council, OrganisationKind.SUBSTANCE_MISUSE), child_with(authority=council).pk)
    asked = begun(visitor)
    ((box, choices),) = choices_of(page_of(visitor, asked)).items()

    assert choices == ["nothing.confidential"]
    page = confirmed(visitor, asked, **{box: "full.nothing_against"})

    assert "Choose what the letter says of line 1" in text_of(page)
    assert answer(asked.pk).confirmed_at is None


def test_what_the_police_looked_at_long_ago_is_told_as_any_other(visitor: Client, council: Organisation) -> None:
    person, child = officer(council), child_with(authority=council)
    looked(person, child.pk, ago=ENQUIRY_DAYS.days)
    looked(person, child.pk, ago=ENQUIRY_DAYS.days - 1)
    since = timezone.localdate() - timedelta(days=200)
    asked = begun(visitor, **boxes("since", since))

    first, second = choices_of(page_of(visitor, asked)).values()

    assert first[0] == "full.nothing_against"
    assert second[0] == "nothing.crime"
    assert "full.enquiry_over" in second
    assert "full.nothing_against" not in second


def test_of_a_shielded_child_nothing_is_told_until_somebody_says_that_it_is_safe(
    visitor: Client, other: Client, council: Organisation, teacher: User
) -> None:
    child = child_with(authority=council, shielded_since=date(2026, 1, 5))
    looked(teacher, child.pk)
    looked(officer(council), child.pk, ago=3)
    asked = begun(visitor)

    page = page_of(visitor, asked)
    assert "The record is shielded" in text_of(page)
    police, school = choices_of(page).values()
    # Two rules at once: not even the one word lifts both.
    assert [code for code in police if code.startswith("full")] == []
    assert (school[0], [code for code in school if code.startswith("full")]) == (
        "nothing.whereabouts",
        ["full.safe_to_tell"],
    )
    box = next(name for name, codes in choices_of(page).items() if codes == school)
    confirmed(visitor, asked, **{box: "unnamed.whereabouts"})
    step(other, asked, "release_answer")
    letter = text_in(step(other, asked, "make_letter").content)

    assert "An organisation that we do not name" in letter
    assert teacher.organisation.name not in letter
    assert "School or college" not in letter


def test_record_that_was_destroyed_since_is_answered_and_taken_for_shielded(
    visitor: Client, council: Organisation, teacher: User
) -> None:
    child = child_with(authority=council)
    looked(teacher, child.pk)
    asked = begun(visitor)
    with as_owner_here():
        for table in ("registry_childname", "registry_childnumber"):
            connection.cursor().execute(f"delete from {table} where child_id = %s", [child.pk])
        connection.cursor().execute("delete from registry_child where id = %s", [child.pk])

    page = page_of(visitor, asked)
    assert "The record is not kept any more" in text_of(page)
    ((choices),) = choices_of(page).values()
    assert choices[0] == "nothing.whereabouts"
    again = begun(visitor, record=f"({child.pk})")
    assert again.child_id == child.pk
    assert list(choices_of(page_of(visitor, again)).values()) == [choices]


# ------------------------------------------------------------------------------------------------------- whose looks


def test_lines_are_of_this_record_these_days_and_own_organisations_alone(
    visitor: Client, council: Organisation, teacher: User, stranger: User
) -> None:
    child, another = child_with(authority=council), child_with(OTHER_NHS, authority=council)
    wanted = [looked(teacher, child.pk, ago=days) for days in (10, 1)]
    for ago in (11, 0):
        looked(teacher, child.pk, ago=ago)
    looked(teacher, another.pk)
    looked(stranger, child.pk)

    asked = begun(visitor)

    assert list(choices_of(page_of(visitor, asked))) == [f"line_{event}" for event in wanted]


def test_whoever_opened_the_record_had_to_find_it_first_and_that_is_no_line(
    visitor: Client, council: Organisation, teacher: User
) -> None:
    child, actor = child_with(authority=council), factories.actor_for(teacher)
    listed(actor, child.pk)
    looked(actor, child.pk)
    looked(actor, child.pk)
    listed(factories.actor_for(teacher), child.pk)

    said = text_of(page_of(visitor, begun(visitor)))

    assert "Opened the record, 2 times." in said
    assert "Saw the name, date of birth and number in a list." in said
    assert "in a list, 2 times" not in said


def test_mediated_look_is_of_the_organisation_of_whoever_rang(
    visitor: Client, council: Organisation, teacher: User, as_owner: OwnerContext
) -> None:
    child = child_with(authority=council)
    with as_owner():
        mediator = factories.user(role=Role.MEDIATOR, works_for=council)
    looked(factories.actor_on_call(mediator, teacher), child.pk)

    said = text_of(page_of(visitor, begun(visitor)))

    assert f"{teacher.organisation.name} (school or college), by telephone through {council.name}" in said


def test_auditor_of_another_authority_finds_no_such_answer(
    visitor: Client, stranger: User, council: Organisation, teacher: User, as_owner: OwnerContext
) -> None:
    looked(teacher, child_with(authority=council).pk)
    asked = begun(visitor)
    with as_owner():
        foreign = factories.user(
            role=Role.AUDITOR, works_for=Organisation.objects.get(pk=stranger.organisation.authority_id)
        )
    other = factories.signed_in(foreign)

    assert page_of(other, asked).status_code == 404
    for route in ("confirm_answer", "release_answer", "make_letter"):
        assert step(other, asked, route).status_code == 404
    for route, typed in (("give_answer_back", {"why": "reason_unfit"}), ("close_answer", {"result": "no_right"})):
        assert step(other, asked, route, **typed).status_code == 404
    assert f"FA {asked.pk}" not in text_of(other.get(ANSWERS))
    # Nor does the number lead them anywhere: to them it is as if there were no such record.
    assert begun(other).child_id is None


# --------------------------------------------------------------------------------------------------- bad beginnings


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"record": ""}, "Enter the number of the record"),
        ({"record": "999"}, "Check the number"),
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


# ------------------------------------------------------------------------------------------------- two people, in order


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

    said = text_of(step(visitor, asked, "close_answer", result="wrong_record"))

    assert "The number is that of another record" in said
    assert last_event(kind=EventKind.ANSWER_CLOSED).reason == "wrong_record"
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


# ---------------------------------------------------------------------------- what changed since it was confirmed


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
