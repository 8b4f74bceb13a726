"""Each reason: an access that it explains, and one beside it that it does not."""

from datetime import timedelta

from access.models import Role
from audit.events import EventKind
from audit.reasons import Reason
from registry.traits.values import ChildTraits
from registry.vocabulary import Service
from review.examining.access import Access, access_of
from review.examining.known import Known, Listed, Opened, Recorded
from review.explanations import ALL, reasons_of
from tests.unit.review.knowing import (
    AUTHORITY,
    CHILD,
    COLLEAGUE,
    COMMON_WHOLE,
    DOCTOR,
    ELSEWHERE,
    HOSPITAL,
    MEDIATOR,
    NOW,
    OTHER_SCHOOL,
    PRACTICE,
    RARE_WHOLE,
    SCHOOL,
    SESSION,
    TEACHER,
    TODAY,
    TRAIL,
    accessed,
    happened,
    involved,
    known,
    opened,
)


def with_involved(*involvements: object) -> Known:
    return known(children={CHILD: ChildTraits(involved=involvements)})  # type: ignore[arg-type]


def recorded(organisation_id: int = SCHOOL, *, days: float, withdrawn: bool = False) -> Recorded:
    at = NOW - timedelta(days=days)
    return Recorded(at, at.date(), organisation_id, withdrawn)


def told(*those: Recorded) -> Known:
    return known(recorded={CHILD: list(those)})


def explains(code: str, access: Access, by: Known) -> bool:
    return ALL[code].explain(access, by) is not None


def test_pupil_explains() -> None:
    since = ALL["pupil"].explain(accessed(), with_involved(involved(began=400)))
    assert since == TODAY - timedelta(days=400)


def test_pupil_does_not_explain_what_is_another_schools_or_over_or_to_come() -> None:
    for each in (involved(OTHER_SCHOOL), involved(ended=10), involved(began=-1), involved(service=Service.EARLY_HELP)):
        assert not explains("pupil", accessed(), with_involved(each))


def test_patient_explains() -> None:
    access = accessed(PRACTICE, actor_id=DOCTOR)
    assert explains("patient", access, with_involved(involved(PRACTICE, Service.GP)))


def test_patient_does_not_explain_another_practices() -> None:
    assert not explains("patient", accessed(HOSPITAL), with_involved(involved(PRACTICE, Service.GP)))


def test_involved_explains() -> None:
    access = accessed(HOSPITAL)
    assert explains("involved", access, with_involved(involved(HOSPITAL, Service.HOSPITAL)))
    assert explains("involved", access, with_involved(involved(HOSPITAL, Service.MENTAL_HEALTH)))


def test_involved_does_not_explain_what_was_recorded_after_the_access() -> None:
    """Whatever day it is said to have begun on: what is known of a child is as it stands now."""
    by = with_involved(involved(HOSPITAL, Service.HOSPITAL))
    by.recorded[CHILD] = [recorded(HOSPITAL, days=-1)]
    assert not explains("involved", accessed(HOSPITAL), by)


def test_involved_explains_by_the_first_of_two_where_the_second_was_recorded_after_the_access() -> None:
    first, second = involved(HOSPITAL, Service.HOSPITAL), involved(HOSPITAL, Service.MENTAL_HEALTH, began=3)
    by = with_involved(second, first)
    by.recorded[CHILD] = [recorded(HOSPITAL, days=-1)]
    assert ALL["involved"].explain(accessed(HOSPITAL), by) == TODAY - timedelta(days=400)
    by.recorded[CHILD].append(recorded(HOSPITAL, days=-2))
    assert not explains("involved", accessed(HOSPITAL), by)


def test_involved_lately_explains() -> None:
    assert explains("involved_lately", accessed(), with_involved(involved(ended=80)))


def test_involved_lately_does_not_explain_what_is_over_for_long() -> None:
    assert not explains("involved_lately", accessed(), with_involved(involved(ended=100)))


def test_recorded_before_explains() -> None:
    assert explains("recorded_before", accessed(), told(recorded(days=20)))


def test_recorded_before_does_not_explain_what_others_recorded_or_was_taken_off() -> None:
    assert not explains("recorded_before", accessed(), told(recorded(OTHER_SCHOOL, days=20)))
    assert not explains("recorded_before", accessed(), told(recorded(days=20), recorded(days=10, withdrawn=True)))
    assert not explains("recorded_before", accessed(), told(recorded(days=400)))
    assert not explains("recorded_before", accessed(), told(recorded(days=-1)))


def test_recorded_that_day_explains() -> None:
    assert explains("recorded_that_day", accessed(), told(recorded(days=0.1)))


def test_recorded_that_day_does_not_explain_what_came_later_that_day() -> None:
    assert not explains("recorded_that_day", accessed(), told(recorded(days=-0.1)))


def test_recorded_after_explains() -> None:
    assert explains("recorded_after", accessed(), told(recorded(days=-6.9)))


def test_recorded_after_does_not_explain_what_came_too_late_or_was_withdrawn() -> None:
    assert not explains("recorded_after", accessed(), told(recorded(days=-7.1)))
    assert not explains("recorded_after", accessed(), told(recorded(days=-1, withdrawn=True)))
    assert not explains("recorded_after", accessed(), told(recorded(OTHER_SCHOOL, days=-1)))


FAMILY = {"homes": (5,), "guardians": (RARE_WHOLE,)}
SISTER = CHILD + 1


def with_sister(just_before: Opened, **sister: object) -> Known:
    children = {CHILD: ChildTraits(**FAMILY), SISTER: ChildTraits(**FAMILY | sister)}  # type: ignore[arg-type]
    return known(children=children, explained={TEACHER: [just_before]})


def sister_opened(days: float = 0.01, codes: tuple[str, ...] = ("pupil",), child_id: int = SISTER) -> Opened:
    return opened(TEACHER, child_id, days=days, codes=codes, explained=True)


def test_sibling_explains() -> None:
    assert explains("sibling", accessed(), with_sister(sister_opened()))


def test_sibling_does_not_explain_neighbours_or_half_a_family_elsewhere() -> None:
    assert not explains("sibling", accessed(), with_sister(sister_opened(), homes=(6,)))
    assert not explains("sibling", accessed(), with_sister(sister_opened(), guardians=(COMMON_WHOLE,)))
    nowhere = with_sister(sister_opened(), homes=(0,))
    nowhere.children = {child: ChildTraits(guardians=(RARE_WHOLE,), homes=(0,)) for child in (CHILD, SISTER)}
    assert not explains("sibling", accessed(), nowhere)


def test_sibling_does_not_explain_by_another_day_or_the_child_or_by_who_was_one_only() -> None:
    for each in (sister_opened(1), sister_opened(codes=("sibling",)), sister_opened(child_id=CHILD)):
        assert not explains("sibling", accessed(), with_sister(each))


def test_colleague_explains() -> None:
    by = known(openings={CHILD: [opened(COLLEAGUE, codes=("pupil",), explained=True)]})
    assert explains("colleague", accessed(), by)


def test_colleague_does_not_explain_by_who_had_no_reason_of_their_own() -> None:
    """Else one glance would explain a whole hospital, one by one."""
    for each in (
        opened(COLLEAGUE),
        opened(COLLEAGUE, codes=("colleague",), explained=True),
        opened(COLLEAGUE, codes=("pupil",), explained=True, days=15),
        opened(COLLEAGUE, codes=("pupil",), explained=True, organisation_id=PRACTICE),
        opened(TEACHER, codes=("pupil",), explained=True),
    ):
        assert not explains("colleague", accessed(), known(openings={CHILD: [each]}))


def test_colleague_does_not_explain_by_what_was_explained_afterwards() -> None:
    later = opened(COLLEAGUE, codes=("recorded_after",))
    later.explained_at = NOW + timedelta(hours=1)
    assert not explains("colleague", accessed(), known(openings={CHILD: [later]}))


def test_area_explains() -> None:
    access = accessed(AUTHORITY, reason=Reason.ENQUIRY)
    assert explains("area", access, with_involved(involved(SCHOOL)))


def test_area_does_not_explain_another_area_nor_a_ground_without_a_duty_nor_a_school() -> None:
    here, elsewhere = with_involved(involved(SCHOOL)), with_involved(involved(OTHER_SCHOOL))
    assert not explains("area", accessed(AUTHORITY, reason=Reason.ENQUIRY), elsewhere)
    assert not explains("area", accessed(AUTHORITY, reason=Reason.COOPERATION), here)
    assert not explains("area", accessed(SCHOOL, reason=Reason.ENQUIRY), here)
    assert not explains("area", accessed(ELSEWHERE, reason=Reason.ENQUIRY), here)


def test_searched_explains() -> None:
    by = known(listed={SESSION: [Listed(NOW - timedelta(minutes=2), [5, CHILD], TRAIL)]})
    assert explains("searched", accessed(), by)


def test_searched_does_not_explain_what_was_not_shown_or_long_ago() -> None:
    for each in (Listed(NOW - timedelta(minutes=2), [5], TRAIL), Listed(NOW - timedelta(hours=2), [CHILD], TRAIL)):
        assert not explains("searched", accessed(), known(listed={SESSION: [each]}))


def mediated() -> Access:
    event = happened(actor_id=MEDIATOR, role=Role.MEDIATOR, organisation_id=AUTHORITY, user_id=TEACHER)
    access = access_of(event, SCHOOL)
    assert access
    return access


def test_mediated_explains() -> None:
    assert explains("mediated", mediated(), known())


def test_mediated_does_not_explain_what_somebody_does_themselves() -> None:
    assert not explains("mediated", accessed(), known())


def test_of_a_call_the_colleagues_organisation_is_asked() -> None:
    reasons = reasons_of(mediated(), with_involved(involved(SCHOOL)))
    assert (reasons.codes, reasons.explained) == (("pupil", "mediated"), True)


def test_what_is_only_said_explains_nothing_and_lowers_what_is_found() -> None:
    reasons = reasons_of(mediated(), known(listed={SESSION: [Listed(NOW - timedelta(seconds=9), [CHILD], TRAIL)]}))
    assert (reasons.codes, reasons.explained, reasons.leaves) == (("mediated", "searched"), False, 0.7)


def test_nothing_explains_what_is_no_access_of_a_record() -> None:
    assert access_of(happened(EventKind.CHILD_SEARCHED, child_id=None), SCHOOL) is None
    assert access_of(happened(EventKind.CHILD_OPENED, outcome="not_permitted"), SCHOOL) is None
