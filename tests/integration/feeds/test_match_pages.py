"""Doubtful matches, by the pages of those who answer for the records."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from access.models import Role
from audit.events import EventKind
from feeds.actions import matches as actions
from feeds.matching import Code, weights
from feeds.matching.weights import Weights
from feeds.models import Agreement, Batch, BatchRow, BatchState, Match, RowOutcome, Verdict, VerdictKind
from feeds.rows import Row, RowAttendance, RowGuardian, RowName
from feeds.views.matches import DOUBTS, LAST, NOTED, TAKEN
from feeds.views.side_by_side import HIDDEN, odds_words, words_of
from registry.actions.steps import ChangedError
from registry.models import Child
from registry.protection.households import shield_each
from registry.values import PostalAddress
from registry.views.steps import CHANGED
from registry.vocabulary import AddressState, Gender, Relation, Service
from tests import factories
from tests.conftest import as_owner_here, as_worker
from tests.integration.feeds.sending import again, supplier, values, work
from tests.integration.registry.people import BORN, HOME, NHS_NUMBER, AddChildren, Town, full_draft, stranger
from tests.integration.registry.visiting import Visitor, assert_plain_refusal, main_of, text_of
from tests.log import events

LIST = reverse("matches")
AGREES = Agreement(
    5.2,
    (
        ("family", "same"),
        ("given", "another"),
        ("born", "swapped"),
        ("gender", "same"),
        ("home", "home"),
        ("nhs", "other"),
        ("guardian", "same"),
    ),
)
ELSEWHERE = "4 Secret Close"
MakeMatch = Callable[..., Match]


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    (made,) = add(full_draft(town))
    return made


@pytest.fixture
def batch(town: Town) -> Batch:
    of = supplier(town.authority)
    with as_worker():
        return Batch.objects.create(
            supplier=of,
            checksum=b"x" * 16,
            size=9,
            state=BatchState.DONE,
            received_at=timezone.now(),
            rows=20,
            queued=20,
            expected=20,
        )


@pytest.fixture
def match(batch: Batch, child: Child, town: Town) -> MakeMatch:
    """`match(place, of=)` is one that waits, as taking a batch in leaves it. `said` says more or something else."""

    def make(place: int = 1, *, of: Child = child, said: dict[str, Any] | None = None, **more: Any) -> Match:
        row = Row(
            line=place + 1,
            place=place,
            key=f"K{place}",
            name=RowName("Aminah", "Hussain"),
            date_of_birth=date(2017, 9, 4),
            former=(RowName("Aminah", "Shah"),),
            gender=Gender.FEMALE,
            nhs_number="9434765870",
            address_state=AddressState.CURRENT,
            postal=PostalAddress((ELSEWHERE,), "Sale", HOME),
            guardians=(RowGuardian("Bushra", "Hussain", Relation.MOTHER, True, True),),
            attendances=(RowAttendance(Service.SCHOOL, town.school.directory_code),),
            confirmed_on=date(2026, 9, 1),
        )
        with as_worker():
            waits = {"line": row.line, "outcome": RowOutcome.QUEUED}
            BatchRow.objects.get_or_create(batch=batch, place=place, defaults=waits)
            values_ = {"code": Code.ALIKE, "agreement": AGREES, "said": replace(row, **(said or {})), **more}
            return Match.objects.create(
                batch=batch, place=place, child=of, authority_id=of.responsible_authority_id, **values_
            )

    return make


@pytest.fixture
def weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every level had been counted."""
    fields = {"nhs": {"other": -6.5}, "home": {"home": 9.0}, "gender": {"same": 0.9}}
    made = Weights(version=1, fields=fields, names=18.0, link=10.0, doubt=-5.0, apart=10.0)
    monkeypatch.setattr(weights, "current", lambda: made)


@pytest.fixture
def first(town: Town) -> Visitor:
    return Visitor(town.administrator)


@pytest.fixture
def second(town: Town) -> Visitor:
    with as_owner_here():
        return Visitor(factories.user(role=Role.ADMINISTRATOR, works_for=town.authority))


def links(visitor: Visitor) -> list[str]:
    """The addresses of those that wait, in order."""
    return re.findall(r'<a class="govuk-link moment"\s+href="(/matches/[^"]+/)">Match \d+', text_of(visitor.get(LIST)))


def say(visitor: Visitor, verdict: str, address: str = "") -> HttpResponse:
    return visitor.fill(address or links(visitor)[0], verdict=verdict)


def table(page: HttpResponse) -> dict[str, str]:
    """Each line of the comparison, by its head."""
    found = {}
    for row in re.findall(r"<tr.*?</tr>", text_of(page).partition("<tbody")[2], re.DOTALL):
        cells = re.findall(r'<div class="stacked__value">(.*?)</div>\s*</t[hd]>', row, re.DOTALL)
        texts = [" ".join(unescape(re.sub("<[^>]*>", " ", cell)).split()) for cell in cells]
        found[texts[0]] = " | ".join(texts[1:])
    return found


def test_the_list_counts_and_names_nobody(match: MakeMatch, first: Visitor) -> None:
    for line in (2, 3):
        match(line)
    page = first.get(LIST)
    told = main_of(page)
    assert "2 wait for you" in " ".join(told.split())
    assert "School census" in told
    assert DOUBTS[Code.ALIKE] in told
    for name in ("Amina", "Hussain", "Shah", HOME):
        assert name not in told
    assert "2 doubtful matches wait for you" in text_of(first.get(reverse("home")))
    assert events(kind=EventKind.MATCH_LISTED)
    assert not events(kind=EventKind.MATCH_READ)


def test_the_row_stands_beside_the_record(
    match: MakeMatch, first: Visitor, child: Child, town: Town, weighed: None
) -> None:
    match()
    page = first.get(links(first)[0])
    told = table(page)
    assert told["Name"].startswith(
        "Aminah Hussain | Amina Hussain Local authority, confirmed 5 January 2026 | Same family"
    )
    assert "Given name alike, but a name of its own, as twins have" in told["Name"]
    assert told["Date of birth"].startswith("4 September 2017 | 9 April 2017 | Day and month of birth swapped")
    assert told["Address"].startswith(f"{ELSEWHERE}, Sale, {HOME} | 12 Hidden Lane, Sale, {HOME}")
    assert "Another number" in told["NHS number"]
    assert told["NHS number"].endswith("Against it -6.5")
    assert told["Address"].endswith("Same house, street and postcode | For it +9.0")
    assert told["Gender"].endswith("Says little +0.9")
    assert "Bushra Hussain, mother" in told["Parents and carers"]
    assert town.school.name in told["School or practice"]
    assert "Aminah Shah (former name)" in told["Other names"]
    words = main_of(page)
    assert DOUBTS[Code.ALIKE] in words
    assert "to 1 that" not in words
    assert "said it on 1 September 2026" in words
    (event,) = events(kind=EventKind.MATCH_READ)
    assert event.child_id == child.pk


def test_odds_are_said_where_counting_is_to_be_gone_by(match: MakeMatch, first: Visitor) -> None:
    match(code=Code.UNSURE)
    assert "About 37 to 1 that it is the same child, by the numbers alone." in main_of(first.get(links(first)[0]))


def test_of_a_shielded_child_there_is_no_more_than_who_they_are(match: MakeMatch, first: Visitor, child: Child) -> None:
    """Not how well what is hidden fits either, nor where the supplier says that they live."""
    with as_worker():
        shield_each([child.pk])
    match()
    page = first.get(links(first)[0])
    told, words = table(page), main_of(page)
    assert told["Address"].startswith(f"{HIDDEN} | {HIDDEN}")
    assert "Date of birth" in told
    assert "Other names" not in told
    for hidden in (ELSEWHERE, HOME, "Hidden Lane", "Bushra", "Malik", NHS_NUMBER, "9434765870", "943 476", "Shah"):
        assert hidden not in words
    for word in ("same house", "another number", "to 1 that", "parent or carer has"):
        assert word not in words.lower()
    assert "Two people have to agree" in words
    assert "Day and month of birth swapped" in told["Date of birth"]
    (doubt,) = actions.list_matches(actor=factories.actor_for(first.person))
    assert actions.read_match(actor=factories.actor_for(first.person), match_id=doubt.id).doubt.levels == ()


def test_of_a_row_whose_whereabouts_are_kept_back_neither_side_tells_more_than_who_they_are(
    match: MakeMatch, first: Visitor, weighed: None
) -> None:
    """The record is open, and what it says of where the child lives is what the supplier keeps back."""
    match(said={"restricted": True}, code=Code.UNSURE)
    page = first.get(links(first)[0])
    told, words = table(page), main_of(page)
    assert "The supplier keeps it back where this child lives" in words
    for what in ("Address", "NHS number", "Parents and carers", "School or practice"):
        assert told[what].startswith(f"{HIDDEN} | {HIDDEN}"), what
    assert "Day and month of birth swapped" in told["Date of birth"]
    for hidden in (ELSEWHERE, HOME, "Hidden Lane", "Bushra", "Farah", "Malik", NHS_NUMBER, "943 476", "Shah"):
        assert hidden not in words
    for word in ("same house", "another number", "to 1 that", "parent or carer has"):
        assert word not in words.lower()


def test_the_same_child_and_then_the_next(match: MakeMatch, first: Visitor, child: Child, batch: Batch) -> None:
    one, other = match(1), match(2)
    shown = say(first, "same")
    assert TAKEN[VerdictKind.SAME] in main_of(shown)
    assert f"Match {other.pk}" in main_of(shown)
    work()
    assert values(child.pk).addresses[0].postal == PostalAddress((ELSEWHERE,), "Sale", HOME)
    with as_worker():
        assert Match.objects.get(pk=one.pk).said.open() is None
    assert (again(batch.pk).queued, again(batch.pk).linked) == (19, 1)
    shown = say(first, "different")
    assert LAST in main_of(shown)
    assert "No doubtful match waits for you" in main_of(shown)


def test_another_child_makes_a_record(match: MakeMatch, first: Visitor, child: Child, batch: Batch) -> None:
    match()
    say(first, "different")
    work()
    assert again(batch.pk).created == 1
    with as_worker():
        assert Child.objects.count() == 2
    assert values(child.pk).date_of_birth == BORN


def test_who_cannot_tell_leaves_it_to_another(match: MakeMatch, first: Visitor, second: Visitor) -> None:
    one = match()
    assert TAKEN[VerdictKind.UNSURE] in main_of(say(first, "unsure"))
    assert links(first) == []
    assert NOTED in main_of(say(second, "same"))
    with as_worker():
        assert Match.objects.get(pk=one.pk).outcome == VerdictKind.SAME


def test_two_people_decide_of_a_shielded_child(match: MakeMatch, first: Visitor, second: Visitor, child: Child) -> None:
    with as_worker():
        shield_each([child.pk])
    one = match()
    assert "Two people" in main_of(first.get(LIST))
    assert "You are the first." in main_of(first.get(links(first)[0]))
    assert NOTED in main_of(say(first, "same"))
    with as_worker():
        assert Match.objects.get(pk=one.pk).outcome == ""
    assert links(first) == []
    page = main_of(second.get(links(second)[0]))
    assert "Somebody has said already what they think" in page
    say(second, "same")
    with as_worker():
        assert Match.objects.get(pk=one.pk).outcome == VerdictKind.SAME


def test_the_slower_of_two_is_told_and_changes_nothing(match: MakeMatch, first: Visitor, second: Visitor) -> None:
    one = match()
    (mine,), (theirs,) = links(first), links(second)
    say(first, "same", mine)
    for _ in range(2):
        assert CHANGED in main_of(second.follow(theirs, verdict="different", seen="0"))
    with as_worker():
        assert Match.objects.get(pk=one.pk).outcome == VerdictKind.SAME
        assert Verdict.objects.count() == 1
    assert_plain_refusal(second.get(theirs), 404)


def test_a_stale_number_of_steps_changes_nothing(
    match: MakeMatch, first: Visitor, second: Visitor, child: Child
) -> None:
    """Somebody said something between the list and the statement: the database refuses."""
    with as_worker():
        shield_each([child.pk])
    one = match()
    say(first, "same")
    with pytest.raises(ChangedError):
        actions.decide_match(
            actor=factories.actor_for(second.person), match_id=one.pk, verdict=VerdictKind.SAME, seen=0
        )
    with as_worker():
        assert Match.objects.get(pk=one.pk).outcome == ""


@pytest.mark.parametrize("typed", [{"verdict": "perhaps"}, {"verdict": ""}, {"seen": "x"}, {"seen": ""}])
def test_wrong_buttons_change_nothing(match: MakeMatch, first: Visitor, typed: dict[str, str]) -> None:
    match()
    shown = first.post(links(first)[0], **{"verdict": "same", "seen": "0", **typed})
    assert shown.status_code == 200
    assert "There is a problem" in main_of(shown)
    with as_worker():
        assert not Verdict.objects.exists()


def test_of_another_authority_nothing_is_there(match: MakeMatch, first: Visitor) -> None:
    match()
    (address,) = links(first)
    with as_owner_here():
        other = Visitor(factories.user(role=Role.ADMINISTRATOR))
    assert "No doubtful match waits for you" in main_of(other.get(LIST))
    assert_plain_refusal(other.get(address), 404)
    assert_plain_refusal(other.post(address, verdict="same", seen="0"), 404)
    with as_worker():
        assert not Verdict.objects.exists()


def test_a_row_that_may_be_about_two_says_so(match: MakeMatch, first: Visitor, town: Town, add: AddChildren) -> None:
    (twin,) = add(stranger(town))
    match()
    match(of=twin)
    assert "The same row may be about 1 other child." in main_of(first.get(links(first)[0]))
    shown = say(first, "same")
    work()
    assert "Match" in main_of(shown)
    assert links(first) == []


def test_of_a_closed_record_nothing_is_told(match: MakeMatch, first: Visitor, child: Child) -> None:
    match(code=Code.CLOSED)
    with as_worker():
        Child.objects.filter(pk=child.pk).update(archived=True)
    page = main_of(first.get(links(first)[0]))
    assert "The record is closed, or in the archive" in page
    assert "Amina" not in page


def test_every_doubt_has_words() -> None:
    certain = {Code.KEY, Code.NUMBER, Code.FITS, Code.TWICE, Code.NOBODY}
    assert set(Code) - certain <= set(DOUBTS)


def test_every_level_of_the_weights_has_words() -> None:
    silent = {("order", "straight")}
    for field, levels in weights.current().fields.items():
        for level in levels:
            assert words_of(field, level) or (field, level) in silent, (field, level)


@pytest.mark.parametrize(
    ("bits", "says"),
    [
        (0.0, "As likely the same child as another"),
        (0.5, "As likely the same child as another"),
        (3.0, "About 8 to 1 that it is the same child"),
        (-10.0, "About 1,000 to 1 that it is another child"),
        (15.3, "About 40,000 to 1 that it is the same child"),
        (40.0, "More than a million to 1 that it is the same child"),
    ],
)
def test_odds_in_words(bits: float, says: str) -> None:
    assert odds_words(bits) == says
