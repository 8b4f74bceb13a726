"""Records changed because of what others send: found as they are now, and nothing half done."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from audit.actors import Process
from audit.events import EventKind
from audit.reasons import Mistake
from encryption.errors import StaleRowError
from encryption.seal import cohort_of_sealed
from registry.models import Child, ChildName, ChildTraits, Guardian, Involvement
from registry.values import InvolvementDetails, Name, Number, Provenance, Withdrawal
from registry.vocabulary import NameKind, NumberKind, Service, Source
from registry.worker import changing, retention
from registry.worker.changing import Outcome, Unchanged, Values, change_each, values_of
from registry.worker.resealing import ROWS
from tests.conftest import as_owner_here, as_worker
from tests.integration.registry.people import CONFIRMED, AddChildren, Town, draft, full_draft, stranger
from tests.integration.registry.visiting import SEARCH, Visitor, text_of
from tests.log import events

ACTOR = Process("feeds")


@pytest.fixture
def child(town: Town, add: AddChildren) -> Child:
    (made,) = add(full_draft(town))
    return made


def change(child: Child, make: Callable[[Values], Values]) -> Outcome:
    with as_worker():
        return change_each(actor=ACTOR, makes={child.pk: make})[child.pk]


def values(child: Child) -> Values:
    with as_worker():
        return values_of([child.pk])[child.pk]


def renamed(to: str) -> Callable[[Values], Values]:
    def _make(stored: Values) -> Values:
        legal = (NameKind.LEGAL, Name("Amina", to, None, None, CONFIRMED))
        return replace(stored, names=(legal, *(each for each in stored.names if each[0] != NameKind.LEGAL)))

    return _make


def test_what_it_said_before_is_told_and_what_it_says_now_is_found(child: Child, town: Town) -> None:
    before = values(child)
    assert change(child, renamed("Abara")) == before
    after = values(child)
    assert replace(after, names=before.names) == before
    visitor = Visitor(town.teacher)
    assert "Amina Abara" in text_of(visitor.search(**{**SEARCH, "family_name": "Abara"}))
    (event,) = events(kind=EventKind.CHILD_CHANGED)
    assert (event.child_id, event.fields) == (child.pk, ["names"])


def test_nothing_is_written_where_nothing_changes(child: Child) -> None:
    change(child, lambda stored: stored)
    assert not events(kind=EventKind.CHILD_CHANGED)
    with as_worker():
        assert Child.objects.get(pk=child.pk).row_version == child.row_version


def test_what_stays_keeps_its_row(child: Child) -> None:
    def rows(model: type[ChildName] | type[Guardian]) -> set[int]:
        with as_worker():
            return set(model.objects.filter(child=child).values_list("pk", flat=True))

    names, guardians = rows(ChildName), rows(Guardian)
    change(child, renamed("Abara"))
    assert rows(Guardian) == guardians
    assert len(rows(ChildName) & names) == len(names) - 1


def test_with_a_date_of_death_every_row_ends_with_the_record(child: Child) -> None:
    change(child, lambda stored: replace(stored, date_of_death=date(2026, 5, 1)))
    with as_worker():
        own = Child.objects.get(pk=child.pk)
        beside = [row for model in ROWS for row in model.objects.filter(child=child)]
        assert {cohort_of_sealed(row.details.stored) for row in beside} == {own.sealing_cohort()} == {"2033-05"}


def test_what_is_compared_follows(child: Child) -> None:
    change(child, renamed("Abara"))
    with as_worker():
        assert ChildTraits.objects.get(child=child).row_version == Child.objects.get(pk=child.pk).row_version


def test_a_shielded_child_stays_out_of_searches_by_hidden_fields(town: Town, add: AddChildren) -> None:
    (child,) = add(full_draft(town, shielded_since=date(2026, 1, 5)))
    change(child, renamed("Abara"))
    with as_worker():
        summary = Child.objects.get(pk=child.pk).summary.open()
    assert (summary.shielded, summary.postcode, summary.numbers) == (True, "", ())


def test_a_number_of_another_record_is_not_taken(child: Child, town: Town, add: AddChildren) -> None:
    other, third = add(stranger(town), stranger(town))
    (mine, *_more) = values(child).numbers
    before = values(other)
    assert change(other, lambda stored: replace(stored, numbers=(mine,))) is Unchanged.NUMBER_TAKEN
    assert values(other) == before
    new = (NumberKind.NHS, Number("9990000018", CONFIRMED))
    with as_worker():
        makes = dict.fromkeys((other.pk, third.pk), lambda stored: replace(stored, numbers=(new,)))
        outcomes = change_each(actor=ACTOR, makes=makes)
    assert sorted(each is Unchanged.NUMBER_TAKEN for each in outcomes.values()) == [False, True]


def _withdrawn(child: Child, town: Town) -> InvolvementDetails:
    """With the school, as somebody there withdraws it as a mistake."""
    with as_owner_here():
        rows = list(Involvement.objects.select_related("child").filter(child=child))
        (row,) = (each for each in rows if each.details.open().service == Service.SCHOOL)
        row.withdrawal = Withdrawal(town.teacher.pk, timezone.now(), Mistake.WRONG_CHILD)
        row.save(update_fields=["withdrawal"])
        return row.details.open()


def test_what_somebody_withdrew_is_not_put_back_by_the_same_word(child: Child, town: Town) -> None:
    at_school, day = _withdrawn(child, town), date(2026, 9, 1)
    before = values(child)

    def told(source: Source, started_on: date) -> Outcome:
        says = replace(at_school, started_on=started_on, provenance=Provenance(source, day))
        return change(child, lambda stored: replace(stored, involvements=(*stored.involvements, (False, says))))

    told(Source.SCHOOL_CENSUS, at_school.started_on)
    told(at_school.provenance.source, day)  # who says not since when, as on the day on which they say it
    assert values(child) == before
    told(at_school.provenance.source, date(2025, 9, 1))
    told(Source.SCHOOL_CENSUS, day)
    told_since = [details.started_on for _lead, details in values(child).involvements[len(before.involvements) :]]
    assert told_since == [date(2025, 9, 1), day]


def test_what_somebody_recorded_again_after_it_was_withdrawn_stays(child: Child, town: Town) -> None:
    at_school = _withdrawn(child, town)
    with as_worker():
        Involvement.objects.create(
            child=child, details=replace(at_school, provenance=Provenance(Source.PRACTITIONER, date(2026, 9, 1)))
        )
    before = values(child)
    change(child, renamed("Abara"))
    assert values(child).involvements == before.involvements


@pytest.mark.parametrize("by", [1, -1])
def test_lead_moves_from_one_to_another(child: Child, by: int) -> None:
    """Whichever of them stands first."""

    def leads(stored: Values) -> list[bool]:
        return [lead for lead, _details in stored.involvements]

    (at,) = (place for place, lead in enumerate(leads(values(child))) if lead)

    def moved(stored: Values) -> Values:
        moves = tuple((place == at + by, details) for place, (_lead, details) in enumerate(stored.involvements))
        return replace(stored, involvements=moves)

    assert change(child, moved) is not None
    assert leads(values(child)) == [place == at + by for place in range(len(leads(values(child))))]


def test_a_record_in_the_archive_is_not_changed(child: Child) -> None:
    with as_worker():
        retention.archive_at_once(child.pk)
    assert change(child, renamed("Abara")) is Unchanged.CLOSED


def test_who_changes_what_another_changed_is_told(child: Child) -> None:
    """The rows are locked; one that was changed all the same is not overwritten."""
    with as_worker():
        stale = Child.objects.get(pk=child.pk)
    change(child, renamed("Abara"))
    with as_worker(), pytest.raises(StaleRowError):
        Child.save_each([stale])


def test_many_at_once(town: Town, add: AddChildren) -> None:
    children = add(*(draft(town, f"Amina{'abcdefgh'[place]}") for place in range(8)))
    with as_worker():
        outcomes = change_each(actor=ACTOR, makes={each.pk: renamed(f"Abara{each.pk}") for each in children})
        after = changing.values_of(outcomes)
    assert [after[each.pk].names[0][1].family for each in children] == [f"Abara{each.pk}" for each in children]
    assert len(events(kind=EventKind.CHILD_CHANGED)) == 8
