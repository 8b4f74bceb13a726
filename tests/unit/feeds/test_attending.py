"""Schools and practices as sources say them: said twice as said once, and nobody's word is changed by another's."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feeds.attending import Standing, attending
from feeds.rows import RowAttendance, Statement
from registry.values import InvolvementDetails, Provenance
from registry.vocabulary import Service, Source
from tests.unit.feeds.test_composing import CENSUS, DAY, OTHER_SCHOOL, PDS, PLACES, SCHOOL, said

LOCAL, PEOPLE = Source.LOCAL_AUTHORITY, Source.PRACTITIONER
BEGAN = date(2021, 9, 1)
LEFT = date(2023, 7, 20)
BACK = date(2024, 9, 2)

days = st.sampled_from([BEGAN, LEFT, BACK, DAY])
places = st.sampled_from(sorted(PLACES))
services = st.sampled_from([Service.SCHOOL, Service.GP])


@st.composite
def attendances(draw: st.DrawFn) -> RowAttendance:
    began = draw(st.none() | days)
    ended = draw(st.none() | days.map(lambda day: max(day, began or day)))
    return RowAttendance(draw(services), draw(places), began, ended)


statements = st.builds(
    lambda source, on, told: said(source, on, attendances=tuple(told)),
    st.sampled_from([CENSUS, LOCAL, PDS]),
    st.dates(DAY, DAY + timedelta(days=40)),
    st.lists(attendances(), max_size=3),
)


@st.composite
def standing(draw: st.DrawFn) -> Standing:
    began = draw(days)
    details = InvolvementDetails(
        organisation_id=draw(st.sampled_from([SCHOOL.pk, OTHER_SCHOOL.pk])),
        service=draw(services),
        practitioner="Sam Okoro",
        telephone="+441614960000",
        started_on=began,
        ended_on=draw(st.none() | days.map(lambda day: max(day, began))),
        basis=None,
        provenance=Provenance(draw(st.sampled_from([CENSUS, LOCAL, PDS, PEOPLE])), draw(st.just(began) | st.just(DAY))),
    )
    return Standing(leads=False, details=details)


stored = st.lists(standing(), max_size=4)
several = st.lists(statements, max_size=3)
each_place_once = st.lists(attendances(), max_size=3, unique_by=lambda each: (each.service, each.directory_code)).map(
    lambda told: at(*told)
)


def say(
    found: tuple[Standing, ...] | list[Standing], *told: Statement, retracted: tuple[Statement, ...] = ()
) -> tuple[Standing, ...]:
    return attending(found, told, retracted, PLACES)


def at(*told: RowAttendance, source: Source = CENSUS, on: date = DAY) -> Statement:
    return said(source, on, attendances=told)


def school(started_on: date | None = None, ended_on: date | None = None, code: str = "100001") -> RowAttendance:
    return RowAttendance(Service.SCHOOL, code, started_on, ended_on)


def spans(found: tuple[Standing, ...]) -> list[tuple[int, date, date | None]]:
    return [(each.organisation_id, each.started_on, each.ended_on) for _leads, each in found]


def of_others(found: tuple[Standing, ...] | list[Standing], *sources: Source) -> list[Standing]:
    return [each for each in found if each.details.provenance.source not in sources]


@given(found=stored, told=several)
def test_said_twice_is_as_said_once(found: list[Standing], told: list[Statement]) -> None:
    once = say(found, *told)
    assert say(once, *told) == once


@given(found=stored, told=several)
def test_said_again_in_a_new_row_is_as_said_once(found: list[Standing], told: list[Statement]) -> None:
    """The row differs in something else, so that the one before it is superseded."""
    once = say(found, *told)
    assert say(once, *told, retracted=tuple(told)) == once


@given(told=each_place_once)
def test_confirmed_a_month_later_it_is_of_the_same_days(told: Statement) -> None:
    once = say([], told)
    again = say(once, replace(told, on=told.on + timedelta(days=30)), retracted=(told,))
    assert spans(again) == spans(once)


@given(found=stored, told=several, before=several)
def test_what_people_and_other_sources_say_is_never_changed(
    found: list[Standing], told: list[Statement], before: list[Statement]
) -> None:
    speaking = {each.source for each in (*told, *before)}
    after = say(found, *told, retracted=tuple(before))
    assert of_others(after, *speaking) == of_others(found, *speaking)


@given(found=stored, told=several, before=several)
def test_a_source_ends_nothing_before_it_began(
    found: list[Standing], told: list[Statement], before: list[Statement]
) -> None:
    after = say(found, *told, retracted=tuple(before))
    assert all(each.ended_on is None or each.ended_on >= each.started_on for _leads, each in after)


def test_a_pupil_who_left_and_came_back_was_there_twice() -> None:
    both = (SCHOOL.pk, BEGAN, LEFT), (SCHOOL.pk, BACK, None)
    together = say([], at(school(BEGAN, LEFT), school(BACK)))
    assert spans(together) == [*both]
    # And where it was told one after the other, at whatever time.
    first, left, back = at(school(BEGAN)), at(school(BEGAN, LEFT)), at(school(BACK))
    ended = say(say([], first), left, retracted=(first,))
    assert spans(ended) == [(SCHOOL.pk, BEGAN, LEFT)]
    assert spans(say(ended, back, retracted=(first, left))) == [*both]


def test_a_pupil_of_whom_no_days_are_told_was_there_twice_too() -> None:
    here, away, back = (
        at(school(), on=DAY),
        at(school(code="100002"), on=DAY + timedelta(days=30)),
        at(school(), on=DAY + timedelta(days=60)),
    )
    found = say([], here)
    found = say(found, away, retracted=(here,))
    assert spans(say(found, back, retracted=(here, away))) == [
        (SCHOOL.pk, DAY, DAY + timedelta(days=30)),
        (OTHER_SCHOOL.pk, DAY + timedelta(days=30), DAY + timedelta(days=60)),
        (SCHOOL.pk, DAY + timedelta(days=60), None),
    ]


def test_what_people_recorded_is_not_said_a_second_time() -> None:
    (one,) = say([], at(school(BEGAN)))
    theirs = one._replace(details=replace(one.details, provenance=Provenance(PEOPLE, DAY), practitioner="Ada Bell"))
    assert say([theirs], at(school(BACK))) == (theirs,)


def test_where_people_say_since_that_it_ended_it_has_and_where_it_is_newer_it_is_said() -> None:
    (one,) = say([], at(school(BEGAN)))
    ended = one._replace(details=replace(one.details, ended_on=LEFT, provenance=Provenance(PEOPLE, DAY)))
    assert spans(say([ended], at(school(BEGAN)))) == [(SCHOOL.pk, BEGAN, LEFT)]
    assert spans(say([ended], at(school(BACK), on=DAY + timedelta(days=1)))) == [
        (SCHOOL.pk, BEGAN, LEFT),
        (SCHOOL.pk, BACK, None),
    ]


def test_what_a_source_takes_back_altogether_was_never_so() -> None:
    told = at(school(BEGAN))
    assert say(say([], told), retracted=(told,)) == ()


def test_what_another_source_says_of_it_still_stands_once_the_first_says_it_no_more() -> None:
    """Both in one breath: the record never says that the child has left."""
    later = DAY + timedelta(days=1)
    census, local = at(school(BEGAN)), at(school(BEGAN), source=LOCAL, on=later)
    after = say(say([], census), at(on=later), local, retracted=(census,))
    assert [each.details.provenance.source for each in after if each.details.ended_on is None] == [LOCAL]


def test_who_leads_leads_no_more_once_the_child_has_left() -> None:
    told = at(school(BEGAN))
    (one,) = say([], told)
    (left,) = say([one._replace(leads=True)], at(school(BEGAN, LEFT)), retracted=(told,))
    (gone,) = say([one._replace(leads=True)], at(), retracted=(told,))
    (stays,) = say([one._replace(leads=True)], told)
    assert (left.leads, gone.leads, stays.leads) == (False, False, True)
