"""A batch, in the order of its events."""

from datetime import timedelta

from access.models import OrganisationKind, Role
from audit.events import EventKind
from audit.reasons import Reason
from registry.traits.values import ChildTraits
from registry.vocabulary import Service
from review.examining.days import Past
from review.examining.judging import Judge, Key, Verdicts
from review.examining.known import Known
from review.examining.rates import Usual
from review.models import State
from tests.unit.review.knowing import (
    AUDITOR,
    AUTHORITY,
    CHILD,
    COLLEAGUE,
    ELSEWHERE,
    MEDIATOR,
    NOW,
    OTHER_SCHOOL,
    SCHOOL,
    TEACHER,
    TODAY,
    TRAIL,
    happened,
    involved,
    known,
    opened,
    peers,
    person,
)

HOME = {"homes": (5,)}
OFTEN = Past(accesses=30, unexplained=15)


def near(*people: object, involvements: tuple[object, ...] = ()) -> Known:
    return known(*people, children={CHILD: ChildTraits(homes=(5,), involved=involvements)})  # type: ignore[arg-type]


def judged(by: Known, *events: object, clock: timedelta = timedelta()) -> Verdicts:
    judge = Judge(by, {})
    judge.examine(events)  # type: ignore[arg-type]
    judge.expire(NOW + clock)
    return judge.verdicts


def key(rule: str, person_id: int = TEACHER, child_id: int | None = CHILD) -> Key:
    return Key(person_id, rule, TODAY, child_id)


def test_what_explains_itself_is_explained_at_once() -> None:
    verdicts = judged(near(involvements=(involved(),)), happened())
    (access,) = verdicts.accesses
    assert (access.state, access.opened.codes) == (State.AT_ONCE, ("pupil",))
    assert verdicts.findings == {}


def test_a_pupil_of_their_own_home_counts_a_quarter() -> None:
    found = judged(near(person(**HOME), involvements=(involved(),)), happened()).findings[key("same_home")]
    assert (found.bits, found.counts, found.codes) == (9, 2.25, ("pupil",))


def test_what_is_shown_before_is_weighed_as_the_record_is() -> None:
    at_home, pupil = near(person(**HOME)), near(person(**HOME), involvements=(involved(),))
    shown = happened(EventKind.CHILD_SHOWN)
    assert judged(at_home, shown).findings[key("same_home")].counts == 9
    assert judged(pupil, shown, happened()).findings[key("same_home")].counts == 2.25


def test_of_a_list_the_first_counts_a_quarter_and_all_once_the_record_is_opened() -> None:
    """Not always is that one meant: a namesake may stand first."""
    by = near(person(**HOME))
    listed = happened(EventKind.CHILD_LISTED, child_id=None, shown=[CHILD, 4])
    assert judged(by, listed).findings[key("same_home")].counts == 9 / 4
    assert judged(by, listed, happened()).findings[key("same_home")].counts == 9


def test_whoever_came_along_in_a_list_is_not_looked_at() -> None:
    event = happened(EventKind.CHILD_LISTED, child_id=None, shown=[4, CHILD])
    assert judged(near(person(**HOME)), event).findings == {}


def test_what_nothing_explains_is_held_and_found_at_once() -> None:
    verdicts = judged(near(person(**HOME)), happened())
    assert [each.state for each in verdicts.accesses] == [State.HELD]
    assert verdicts.findings[key("same_home")].counts == 9


def test_an_involvement_within_the_week_clears_it() -> None:
    by = near(person(**HOME), involvements=(involved(OTHER_SCHOOL),))
    by.places = {**by.places, OTHER_SCHOOL: by.places[OTHER_SCHOOL]}
    after = happened(EventKind.INVOLVEMENT_RECORDED, at=NOW + timedelta(days=6))
    verdicts = judged(by, happened(), after, clock=timedelta(days=6))
    (access,) = verdicts.settled
    assert (access.state, access.opened.codes) == (State.LATER, ("recorded_after",))
    assert access.opened.explained_at == after.at
    assert verdicts.findings[key("same_home")].counts == 4.5, "near to each other they still are"
    assert verdicts.findings[key("out_of_area")].counts == 0, "there was a reason to look elsewhere"


def test_what_was_explained_stays_explained_by_what_came_first() -> None:
    first, second = (happened(EventKind.INVOLVEMENT_RECORDED, at=NOW + timedelta(days=day)) for day in (2, 4))
    (access,) = judged(near(), happened(), first, second, clock=timedelta(days=8)).settled
    assert access.opened.explained_at == first.at


def test_the_strongest_of_a_day_counts() -> None:
    """After a search of their own there is a little less to wonder at."""
    listed = happened(EventKind.CHILD_LISTED, child_id=None, shown=[4, CHILD], at=NOW - timedelta(minutes=1))
    by = near(person(**HOME))
    verdicts = judged(by, listed, happened(), happened(session_id=8, at=NOW + timedelta(minutes=1)))
    found = verdicts.findings[key("same_home")]
    assert (found.counts, found.event_id) == (9, verdicts.accesses[0].access.event_id)


def test_an_involvement_of_others_or_after_the_week_clears_nothing() -> None:
    for other in (
        happened(EventKind.INVOLVEMENT_RECORDED, at=NOW + timedelta(days=6), organisation_id=OTHER_SCHOOL),
        happened(EventKind.INVOLVEMENT_RECORDED, at=NOW + timedelta(days=8)),
        happened(EventKind.INVOLVEMENT_WITHDRAWN, at=NOW + timedelta(days=1)),
    ):
        verdicts = judged(near(), happened(), other, clock=timedelta(days=9))
        assert [each.state for each in verdicts.settled] == [State.UNEXPLAINED]


def test_when_the_week_is_over_it_is_counted() -> None:
    by = near()
    by.pasts[TEACHER] = OFTEN
    verdicts = judged(by, happened(), clock=timedelta(days=7))
    assert verdicts.findings[key("unexplained")].counts > 0
    assert by.days[TEACHER, TODAY].unexplained == 1


def test_what_came_in_a_list_within_the_week_explains_it() -> None:
    """It leaves no event; but the traits of the child know of it when the week is over."""
    by = near()
    judge = Judge(by, {})
    judge.examine([happened()])
    by.children = {CHILD: ChildTraits(involved=(involved(),))}
    judge.expire(NOW + timedelta(days=7))
    (access,) = judge.verdicts.settled
    assert (access.state, access.opened.codes) == (State.LATER, ("pupil",))


def test_a_colleague_before_explains_and_one_afterwards_does_not() -> None:
    by = near(involvements=(involved(),))
    first = judged(by, happened())
    assert first.accesses[0].state == State.AT_ONCE
    by.children = {}
    own, colleague = judged(by, happened(actor_id=COLLEAGUE, at=NOW + timedelta(hours=1))).accesses, "colleague"
    assert own[0].opened.codes == (colleague,)


def test_one_child_of_one_day_is_found_once() -> None:
    by = near(person(**HOME))
    shown = happened(EventKind.CHILD_SHOWN)
    verdicts = judged(by, shown, happened(), happened(at=NOW + timedelta(hours=1)))
    assert len(verdicts.accesses) == 2
    assert list(verdicts.findings) == [key("same_home")]
    assert verdicts.findings[key("same_home")].event_id == shown.event_id
    assert by.days[TEACHER, TODAY].opened == 1


def test_an_auditor_who_reads_of_a_child_at_home_is_found() -> None:
    """That their council works with the child is no reason for an auditor."""
    by = near(
        person(AUDITOR, AUTHORITY, Role.AUDITOR, **HOME), involvements=(involved(AUTHORITY, Service.SOCIAL_CARE),)
    )
    verdicts = judged(by, happened(EventKind.LOG_READ, AUDITOR, role=Role.AUDITOR, organisation_id=AUTHORITY))
    assert verdicts.findings[key("same_home", AUDITOR)].counts == 9
    assert verdicts.accesses == []
    assert by.days[AUDITOR, TODAY].read == 1


def test_that_an_auditor_opens_their_start_page_is_no_reading_of_anybody() -> None:
    by = near(person(AUDITOR, AUTHORITY, Role.AUDITOR))
    counted = happened(
        EventKind.LOG_READ, AUDITOR, None, role=Role.AUDITOR, organisation_id=AUTHORITY, fields=["waiting"]
    )
    judged(by, counted)
    assert (AUDITOR, TODAY) not in by.days


def test_a_mediator_answers_for_whom_they_are_near_to_and_with_the_colleague_for_the_rest() -> None:
    """Whether anybody rang, the mediator alone knows."""
    by = near(person(MEDIATOR, AUTHORITY, Role.MEDIATOR, **HOME))
    by.pasts = {TEACHER: OFTEN, MEDIATOR: OFTEN}
    call = happened(actor_id=MEDIATOR, role=Role.MEDIATOR, organisation_id=AUTHORITY, user_id=TEACHER)
    verdicts = judged(by, call, clock=timedelta(days=7))
    assert key("same_home", MEDIATOR) in verdicts.findings
    assert key("unexplained") in verdicts.findings
    assert key("unexplained", MEDIATOR) in verdicts.findings
    assert {each.person_id for each in verdicts.findings} == {MEDIATOR, TEACHER}
    assert [by.days[user_id, TODAY].unexplained for user_id in (MEDIATOR, TEACHER)] == [1, 1]


def test_what_explains_a_call_later_takes_it_from_the_mediator_too() -> None:
    call = happened(actor_id=MEDIATOR, role=Role.MEDIATOR, organisation_id=AUTHORITY, user_id=TEACHER)
    by = known(children={CHILD: ChildTraits(involved=(involved(OTHER_SCHOOL),))})
    recording = happened(EventKind.INVOLVEMENT_RECORDED, at=NOW + timedelta(days=1))
    findings = judged(by, call, recording).findings
    assert findings[key("out_of_area", MEDIATOR)].counts == findings[key("out_of_area")].counts == 0
    by = near(person(TEACHER, **HOME), person(MEDIATOR, AUTHORITY, Role.MEDIATOR, **HOME))
    findings = judged(by, call, recording).findings
    assert findings[key("same_home", MEDIATOR)].counts == findings[key("same_home")].counts == 9 / 2


def test_of_many_strangers_who_open_a_record_each_is_named() -> None:
    """Also those who looked before, whom nobody had looked at then; and none of whom a reason is known."""
    strangers = [opened(500 + each, organisation_id=OTHER_SCHOOL, days=each + 1) for each in range(3)]
    pupil = opened(600, organisation_id=OTHER_SCHOOL, codes=("pupil",), explained=True)
    by = near()
    by.strangers, by.openings = Usual(0.02), {CHILD: [*strangers, pupil]}
    findings = judged(by, happened()).findings
    news = {found.event_id: (at.person_id, at.day) for at, found in findings.items() if at.rule == "in_the_news"}
    assert set(news.values()) == {(TEACHER, TODAY), *((each.person_id, each.day) for each in strangers)}
    assert {found.authority_id for at, found in findings.items() if at.person_id == 500} == {ELSEWHERE}


def test_who_is_explained_later_is_no_stranger() -> None:
    by = near()
    by.strangers = Usual(0.02)
    by.openings = {CHILD: [opened(500 + each, organisation_id=OTHER_SCHOOL, days=each + 1) for each in range(3)]}
    recording = happened(EventKind.INVOLVEMENT_RECORDED, at=NOW + timedelta(days=1))
    assert judged(by, happened(), recording).findings[key("in_the_news")].counts == 0


def test_only_what_a_duty_alone_explains_can_have_led_nowhere() -> None:
    officer = person(500, AUTHORITY)
    usual = peers(led_nowhere=Usual(0.03))
    child = ChildTraits(involved=(involved(SCHOOL),))
    by = known(officer, children={CHILD: child}, peers={(Role.PRACTITIONER, OrganisationKind.AUTHORITY): usual})
    by.led_nowhere = {500: 40}
    asked = {"actor_id": 500, "organisation_id": AUTHORITY}
    on_duty = judged(by, happened(**asked, reason=Reason.ENQUIRY)).findings
    assert set(on_duty) == {Key(500, "led_nowhere", TODAY, None)}
    by.children = {CHILD: ChildTraits(involved=(involved(SCHOOL), involved(AUTHORITY)))}
    assert judged(by, happened(**asked, reason=Reason.ENQUIRY)).findings == {}


def test_searches_are_counted_once_and_followed_once() -> None:
    by = near(involvements=(involved(),))
    listed = [
        happened(EventKind.CHILD_LISTED, child_id=None, shown=[CHILD, 5], trail=TRAIL, at=NOW - timedelta(seconds=each))
        for each in (20, 10)
    ]
    nothing = happened(EventKind.CHILD_LISTED, child_id=None, outcome="no_match", at=NOW - timedelta(seconds=5))
    judged(by, *listed, nothing, happened(), happened(EventKind.INVOLVEMENT_READ))
    day = by.days[TEACHER, TODAY]
    assert (day.searched, day.followed, day.hours) == (1, 1, 1 << 10)


def test_the_organisation_that_somebody_works_for_is_asked_not_the_mediators() -> None:
    by = near(involvements=(involved(AUTHORITY),))
    call = happened(actor_id=MEDIATOR, role=Role.MEDIATOR, organisation_id=AUTHORITY, user_id=TEACHER)
    assert judged(by, call).accesses[0].access.organisation_id == SCHOOL
