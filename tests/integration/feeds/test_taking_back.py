"""A batch is taken back for itself alone: what others said and recorded stays, whenever they did."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from unittest import mock

import pytest
from django.utils import timezone

from audit.reasons import Mistake
from encryption.errors import KeyMissingError
from feeds.actions.matches import decide_match
from feeds.models import Batch, BatchRow, BatchState, Match, SourceRecord, Supplier, TakenBack, Verdict, VerdictKind
from feeds.worker import undoing
from registry.models import Child, Involvement
from registry.values import InvolvementDetails, Provenance, Withdrawal
from registry.vocabulary import Service, Source
from registry.worker.changing import Values
from tests.conftest import as_worker
from tests.integration.feeds import sending
from tests.integration.feeds.sending import AMINA, NOBODY, decide, matches, said_of, supplier, take, take_back, values
from tests.integration.registry.merging import build_bureau
from tests.integration.registry.people import NHS_NUMBER, AddChildren, Town, draft, involvement

MOVED = AMINA | {"nhs_number": NHS_NUMBER, "address_1": "3 Elm Close", "town": "Oldham", "postcode": "OL1 3EF"}
MOVED_ON = MOVED | {"address_1": "9 Oak Road", "postcode": "OL1 4GH"}
RENAMED = AMINA | {"nhs_number": NHS_NUMBER, "family": "Malik-Hussain"}
# Amina's number under another name: doubtful.
SOMEBODY = MOVED | {"given": "Wanda", "family": "Nowak"}
ZARA = NOBODY | {"key": "N2", "given": "Zara", "family": "Quaye", "date_of_birth": "2014-07-30"}
BY_PEOPLE = Provenance(Source.PRACTITIONER, date(2026, 11, 2))


@pytest.fixture
def benefit(town: Town) -> Supplier:
    return supplier(town.authority, Source.CHILD_BENEFIT)


def home(child_id: int) -> str | None:
    (present, *_earlier) = values(child_id).addresses
    return present.postal.postcode if present.postal else None


def family(child_id: int) -> str:
    return values(child_id).names[0][1].family


def services(said: Values) -> list[InvolvementDetails]:
    return [details for _lead, details in said.involvements]


def without_services(said: Values) -> Values:
    return replace(said, involvements=())


def works_there(child_id: int, details: InvolvementDetails) -> None:
    """As somebody of the organisation recorded it."""
    with as_worker():
        child = Child.objects.get(pk=child_id)
        Involvement.objects.create(child=child, details=replace(details, provenance=BY_PEOPLE))


def involvement_of(child_id: int, source: Source) -> Involvement:
    (found,) = (
        each for each in Involvement.objects.filter(child=child_id) if each.details.open().provenance.source == source
    )
    return found


def archived() -> set[int]:
    with as_worker():
        return set(Child.objects.filter(archived=True).values_list("pk", flat=True))


def key_is_gone() -> mock._patch:  # type: ignore[type-arg]
    """As once the month is over until which it was to be known what a record said before."""
    content = BatchRow._meta.get_field("content")
    return mock.patch.object(content, "open_stored", side_effect=KeyMissingError("gone"))


def test_with_it_goes_an_open_doubt_and_what_somebody_said_of_it(
    town: Town, add: AddChildren, census: Supplier
) -> None:
    add(draft(town), draft(town))
    batch = take(census, AMINA)
    open_, decided = matches(batch)
    decide_match(actor=town.actor("administrator"), match_id=open_.pk, verdict=VerdictKind.UNSURE, seen=0)
    with as_worker():
        assert Verdict.objects.count() == 1
        Match.objects.filter(pk=decided.pk).update(outcome=VerdictKind.SAME, decided_at=timezone.now())
        Batch.objects.filter(pk=batch.pk).update(state=BatchState.UNDOING)
    sending.work()
    assert (sending.again(batch.pk).state, sending.taken_back(batch)) == (BatchState.UNDONE, [TakenBack.UNDONE])
    with as_worker():
        assert not Match.objects.exists()
        assert not Verdict.objects.exists()
        assert not SourceRecord.objects.exists()


@pytest.mark.parametrize("first", [0, 1])
def test_what_the_same_supplier_said_after_stays(child: Child, census: Supplier, first: int) -> None:
    take(census, AMINA)
    before = values(child.pk)
    batches = [take(census, MOVED), take(census, MOVED_ON)]
    take_back(batches.pop(first))
    assert home(child.pk) == ("OL1 4GH", "OL1 3EF")[first]
    assert said_of(child.pk) == [(Source.SCHOOL_CENSUS, False), (Source.SCHOOL_CENSUS, True)]
    take_back(batches.pop())
    assert values(child.pk) == before
    assert said_of(child.pk) == [(Source.SCHOOL_CENSUS, True)]


@pytest.mark.parametrize("first", [0, 1])
def test_what_another_supplier_said_after_stays(child: Child, census: Supplier, benefit: Supplier, first: int) -> None:
    before = values(child.pk)
    batches = [take(census, MOVED), take(benefit, RENAMED)]
    take_back(batches.pop(first))
    assert (family(child.pk), home(child.pk)) == (("Malik-Hussain", "M33 4AB"), ("Hussain", "OL1 3EF"))[first]
    take_back(batches.pop())
    assert values(child.pk) == before
    assert said_of(child.pk) == []


def test_what_people_decided_of_an_earlier_batch_since_stays(child: Child, census: Supplier, benefit: Supplier) -> None:
    """It was sent before, and said after."""
    before = values(child.pk)
    doubtful, later = take(census, SOMEBODY), take(benefit, RENAMED)
    (match,) = matches(doubtful)
    decide(match, VerdictKind.SAME)
    assert family(child.pk) == "Malik-Hussain"
    take_back(later)
    assert (family(child.pk), home(child.pk)) == ("Nowak", "OL1 3EF")
    assert said_of(child.pk) == [(Source.SCHOOL_CENSUS, True)]
    take_back(doubtful)
    assert values(child.pk) == before


@pytest.mark.parametrize("verdict", [VerdictKind.SAME, VerdictKind.DIFFERENT])
def test_what_was_decided_of_its_rows_is_taken_back_too(child: Child, census: Supplier, verdict: VerdictKind) -> None:
    before = values(child.pk)
    batch = take(census, SOMEBODY)
    (match,) = matches(batch)
    decide(match, verdict)
    assert (values(child.pk) == before) is (verdict == VerdictKind.DIFFERENT)
    made = set(sending.children_of(batch)) - {child.pk}
    batch = take_back(batch)
    assert (batch.state, sending.taken_back(batch)) == (BatchState.UNDONE, [TakenBack.UNDONE])
    assert values(child.pk) == before
    assert said_of(child.pk) == []
    assert archived() == made


def test_what_people_recorded_since_stays(town: Town, child: Child, census: Supplier) -> None:
    before = values(child.pk)
    batch = take(census, MOVED)
    new = involvement(town.clinic, Service.SPEECH_THERAPY)
    works_there(child.pk, new)
    take_back(batch)
    after = values(child.pk)
    assert without_services(after) == without_services(before)
    assert [each for each in services(after) if each not in services(before)] == [replace(new, provenance=BY_PEOPLE)]


@pytest.mark.parametrize("somebody", ["withdrew", "corrected"])
def test_what_somebody_withdrew_or_corrected_since_is_not_put_back(
    town: Town, child: Child, census: Supplier, somebody: str
) -> None:
    """The school that an earlier batch told of stood there before this one."""
    at_school = {"school_code": "999123", "school_started_on": "2025-09-01"}
    with as_worker():
        type(town.clinic).objects.filter(pk=town.clinic.pk).update(directory_code="999123")
    take(census, MOVED | at_school)
    batch = take(census, MOVED_ON | at_school)
    with as_worker():
        row = involvement_of(child.pk, Source.SCHOOL_CENSUS)
        if somebody == "withdrew":
            row.withdrawal = Withdrawal(town.teacher.pk, timezone.now(), Mistake.WRONG_CHILD)
        else:
            row.details = replace(row.details.open(), practitioner="Ada Bell", provenance=BY_PEOPLE)
        row.save()
    take_back(batch)
    assert home(child.pk) == "OL1 3EF"
    there = [each.practitioner for each in services(values(child.pk)) if each.started_on == date(2025, 9, 1)]
    assert there == ([] if somebody == "withdrew" else ["Ada Bell"])


def test_once_the_key_of_its_month_is_gone_the_others_are_heard(
    child: Child, census: Supplier, benefit: Supplier
) -> None:
    first, second, third = take(census, MOVED), take(census, MOVED_ON), take(benefit, RENAMED)
    with key_is_gone():
        assert sending.taken_back(take_back(second)) == [TakenBack.UNDONE]
    assert (home(child.pk), family(child.pk)) == ("OL1 3EF", "Malik-Hussain")
    with key_is_gone():
        assert sending.taken_back(take_back(third)) == [TakenBack.UNDONE]
    assert (home(child.pk), family(child.pk)) == ("OL1 3EF", "Hussain")
    assert said_of(child.pk) == [(Source.SCHOOL_CENSUS, True)]
    assert sending.again(first.pk).state == BatchState.DONE


def test_what_cannot_be_kept_anew_since_its_key_is_gone_stops_nothing(
    child: Child, census: Supplier, benefit: Supplier
) -> None:
    """What stood there before the one batch is kept as of the next, as long as that is kept."""
    first, later = take(census, MOVED), take(benefit, RENAMED)
    content = BatchRow._meta.get_field("content")
    with mock.patch.object(content, "pre_save", side_effect=KeyMissingError("gone")) as kept_anew:
        assert sending.taken_back(take_back(first)) == [TakenBack.UNDONE]
    assert kept_anew.called
    with key_is_gone():
        assert sending.taken_back(take_back(later)) == [TakenBack.UNDONE]
    assert said_of(child.pk) == []


def _somebody_works_there(town: Town, made: int) -> None:
    works_there(made, involvement(town.school, Service.SCHOOL))


def _another_supplier_spoke(town: Town, made: int) -> None:
    take(supplier(town.authority, Source.CHILD_BENEFIT), ZARA)


@pytest.mark.parametrize("add_to", [_somebody_works_there, _another_supplier_spoke])
def test_a_record_that_others_added_to_is_kept_and_the_rest_is_undone(
    town: Town, child: Child, census: Supplier, add_to: Callable[[Town, int], None]
) -> None:
    before = values(child.pk)
    batch = take(census, NOBODY, ZARA, MOVED)
    gone, kept, _amina = sending.children_of(batch)
    assert gone is not None
    assert kept is not None
    add_to(town, kept)
    told = values(kept)
    batch = take_back(batch)
    assert (batch.state, sending.taken_back(batch)) == (
        BatchState.UNDONE,
        [TakenBack.UNDONE, TakenBack.KEPT, TakenBack.UNDONE],
    )
    assert archived() == {gone}
    assert values(child.pk) == before
    assert values(kept) == told
    assert (Source.SCHOOL_CENSUS, True) in said_of(kept)


def test_what_was_said_of_two_records_that_lie_together_by_now_is_kept(
    town: Town, child: Child, add: AddChildren, census: Supplier
) -> None:
    """Else what the one said before would come to stand on the other."""
    (stays,) = add(draft(town, "Zara", "Quaye", date_of_birth=date(2014, 7, 30)))
    batch = take(census, MOVED)
    build_bureau(town, stays, child).put_together()
    told = values(stays.pk)
    assert sending.taken_back(take_back(batch)) == [TakenBack.KEPT]
    assert values(stays.pk) == told
    assert home(child.pk) == "OL1 3EF"


def test_interrupted_it_goes_on_and_ends_the_same(town: Town, child: Child, census: Supplier) -> None:
    """In each of its rows in turn, after what it does and before it is noted."""
    before = values(child.pk)
    batch = take(census, NOBODY, ZARA, MOVED, NOBODY | {"key": "N9", "date_of_birth": "x"})
    gone, kept, _amina, _nobody = sending.children_of(batch)
    assert kept is not None
    works_there(kept, involvement(town.school, Service.SCHOOL))
    undo_row = undoing._undo_row
    said = {0: 3, 1: 3, 2: 2, 3: 2}
    for done in range(4):
        calls = count()

        def dying(row: BatchRow, calls: "count[int]" = calls, at: int = min(done, 1)) -> TakenBack:
            became = undo_row(row)
            if next(calls) == at:
                raise KeyboardInterrupt
            return became

        with mock.patch.object(undoing, "_undo_row", dying), pytest.raises(KeyboardInterrupt):
            take_back(batch)
        assert sending.taken_back(batch) == [""] * (4 - done) + told_of_each()[4 - done :]
        with as_worker():
            assert SourceRecord.objects.count() == said[done]
    batch = take_back(batch)
    assert (batch.state, sending.taken_back(batch)) == (BatchState.UNDONE, told_of_each())
    assert values(child.pk) == before
    assert archived() == {gone}


def told_of_each() -> list[str]:
    return [TakenBack.UNDONE, TakenBack.KEPT, TakenBack.UNDONE, TakenBack.UNDONE]
