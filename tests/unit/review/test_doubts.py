"""Each rule about what nothing explains: what it finds, and its honest twin."""

from dataclasses import replace
from datetime import timedelta

import pytest

from audit.events import EventKind
from registry.traits.values import ChildTraits
from registry.vocabulary import Service
from review.examining.access import Access
from review.examining.days import Past
from review.examining.known import Known, Opened
from review.examining.rates import Usual
from review.rules import ALL, CHILDREN, STEPS
from review.rules.base import OfDoubt, OfDuty, OfPace
from tests.unit.review.knowing import (
    AUTHORITY,
    CHILD,
    ELSEWHERE,
    NOW,
    OTHER_SCHOOL,
    SCHOOL,
    TEACHER,
    TODAY,
    accessed,
    among,
    day,
    happened,
    involved,
    known,
    opened,
    past,
    peers,
    person,
)

MIDNIGHT = NOW.replace(hour=0, minute=15)


def found(code: str, by: Known, access: Access | None = None) -> float:
    rule = ALL[code]
    assert isinstance(rule, OfDoubt | OfDuty | OfPace)
    return rule.bits(access or accessed(), by)


FEW, UNEVEN = Usual(0.03, shape=4), Usual(0.03, shape=0.3)


def had(accesses: int, unexplained: int, usual: Usual = FEW) -> Known:
    return among(day(), peers(unexplained=usual), pasts={TEACHER: Past(accesses=accesses, unexplained=unexplained)})


def looked_up(number: int, *, accesses: int = 100, usual: Usual = FEW) -> Known:
    """So many on a duty that nothing followed."""
    return among(
        day(), peers(led_nowhere=usual), pasts={TEACHER: Past(accesses=accesses)}, led_nowhere={TEACHER: number}
    )


def test_unexplained_fires_and_grows() -> None:
    """One a week, beside little else."""
    bits = [found("unexplained", had(accesses=number * 2, unexplained=number)) for number in range(12)]
    assert bits == sorted(bits)
    assert bits[0] == 1 < bits[2] < 11 < bits[5]
    assert found("unexplained", had(accesses=100, unexplained=99)) == 14


def test_unexplained_honest_twin_has_as_few_as_everybody() -> None:
    assert found("unexplained", had(accesses=300, unexplained=10)) == 1
    assert found("unexplained", had(accesses=300, unexplained=20)) < 3


def test_unexplained_honest_twin_has_an_unusual_task() -> None:
    """Among people of whom some have many, as many are no wonder."""
    assert found("unexplained", had(accesses=100, unexplained=15)) > 5
    assert found("unexplained", had(accesses=100, unexplained=15, usual=UNEVEN)) < 3


def test_unexplained_is_held_against_what_is_thought_until_peers_have_shown_theirs() -> None:
    assert found("unexplained", known(pasts={TEACHER: Past(accesses=60, unexplained=2)})) == 1
    assert found("unexplained", known(pasts={TEACHER: Past(accesses=60, unexplained=30)})) > 5


def test_led_nowhere_fires() -> None:
    assert found("led_nowhere", looked_up(30)) == 6


def test_led_nowhere_honest_twin_gives_advice_as_others_do() -> None:
    assert found("led_nowhere", looked_up(4)) == 0
    assert found("led_nowhere", looked_up(0)) == 0
    assert found("led_nowhere", looked_up(15, usual=UNEVEN)) < 3


def test_repeated_fires() -> None:
    by = known(doubtful={TEACHER: [opened(days=9), opened(days=3)]})
    assert found("repeated", by) == 3


def test_repeated_honest_twin_came_back_the_same_day_or_for_another_child() -> None:
    same_day, another = opened(days=0.01), opened(child_id=CHILD + 1, days=3)
    assert found("repeated", known(doubtful={TEACHER: [same_day, another]})) == 0


def test_repeated_forgets_what_was_explained_since() -> None:
    explained = opened(days=3)
    explained.explained_at = NOW - timedelta(days=1)
    assert found("repeated", known(doubtful={TEACHER: [explained]})) == 0


def street(*homes: tuple[int, int]) -> Known:
    """Children opened in the last days, each with home and postcode; the last is the one that is opened."""
    children = {
        CHILD - place: ChildTraits(homes=(home,), postcodes=(code,)) for place, (home, code) in enumerate(homes)
    }
    doubtful = [opened(child_id=child, days=2) for child in children if child != CHILD]
    return known(children=children, doubtful={TEACHER: doubtful})


def test_street_fires() -> None:
    assert found("street", street((1, 5), (2, 5), (3, 5))) == 2
    assert found("street", street((1, 5), (2, 5), (3, 5), (4, 5))) == 4


def test_street_honest_twin_opened_brothers_and_sisters() -> None:
    assert found("street", street((1, 5), (1, 5), (1, 5), (2, 5))) == 0
    assert found("street", street((1, 5), (2, 6), (3, 7))) == 0
    assert found("street", street((1, 0), (2, 0), (3, 0))) == 0


def school_class(*born: int, school: int = OTHER_SCHOOL) -> Known:
    children = {CHILD - place: ChildTraits(born=year, involved=(involved(school),)) for place, year in enumerate(born)}
    doubtful = [opened(child_id=child, days=2) for child in children if child != CHILD]
    return known(children=children, doubtful={TEACHER: doubtful})


def test_class_fires() -> None:
    assert found("class", school_class(2015, 2015, 2015, 2015)) == 2.5


def test_class_honest_twin_is_at_their_own_school_or_of_all_years() -> None:
    assert found("class", school_class(2015, 2015, 2015, 2015, school=SCHOOL)) == 0
    assert found("class", school_class(2015, 2014, 2013, 2012)) == 0


def strangers(number: int, *, codes: tuple[str, ...] = (), days: float = 1) -> list[Opened]:
    return [opened(500 + each, days=days + each / 10, codes=codes, organisation_id=20 + each) for each in range(number)]


def news(openings: list[Opened], usual: Usual | None = None) -> list[float]:
    """What is found when one more stranger opens the record now, of each."""
    (rule,) = CHILDREN
    by = known(openings={CHILD: [*openings, opened(days=0)]}, strangers=usual or Usual(0.02, shape=1.0))
    return [bits for _, bits in rule.found(accessed(), by)]


def test_in_the_news_fires() -> None:
    """By the fourth there is enough for a case, and each of them has an equal part of it."""
    assert sum(news(strangers(2))) < 11 < sum(news(strangers(3))) < sum(news(strangers(5)))
    assert len(set(news(strangers(3)))) == 1
    assert len(news(strangers(3))) == 4
    assert sum(news(strangers(50))) == pytest.approx(20)


def test_in_the_news_honest_twin_works_with_the_child_or_looked_long_ago() -> None:
    assert news(strangers(6, codes=("pupil",))) == []
    assert news(strangers(6, codes=("recorded_after",))) == []
    assert news(strangers(6, days=11)) == []


def test_in_the_news_honest_twin_is_a_child_as_others_have_strangers() -> None:
    assert sum(news(strangers(3), usual=Usual(2.0, shape=1.0))) == 0
    assert sum(news(strangers(3), usual=Usual(0.2, shape=0.5))) < 8


def test_in_the_news_counts_each_of_them_once() -> None:
    again = [opened(500, days=each, organisation_id=20) for each in (1, 2, 3, 4)]
    assert news(again) == []


def test_out_of_hours_fires() -> None:
    assert found("out_of_hours", among(day(), peers(), pasts={TEACHER: past()}), accessed(at=MIDNIGHT)) == 4


def test_out_of_hours_honest_twin_is_on_the_night_shift_of_their_trade_or_their_own() -> None:
    with_peers = among(day(), peers(hours=range(24)))
    alone = among(day(), peers(), pasts={TEACHER: past(hours=1)})
    for by in (with_peers, alone):
        assert found("out_of_hours", by, accessed(at=MIDNIGHT)) == 0
    assert found("out_of_hours", among(day(), peers())) == 0, "at half past ten"


def test_out_of_hours_honest_twin_works_around_the_clock_at_weekends_too() -> None:
    """Of two days in seven there are fewer looks in each hour, and no hour of theirs is odd."""
    around_the_clock = replace(peers(), hours=[700] * 24 + [280] * 24)
    saturday = day()
    saturday.day = TODAY + timedelta(days=4)
    by = among(saturday, around_the_clock)
    assert found("out_of_hours", by, accessed(at=MIDNIGHT + timedelta(days=4))) == 0


def test_out_of_hours_says_nothing_while_nobody_knows_the_hours() -> None:
    assert found("out_of_hours", among(day(), peers(days=10)), accessed(at=MIDNIGHT)) == 0
    since_monday = peers(since=TODAY - timedelta(days=8))
    assert found("out_of_hours", among(day(), since_monday), accessed(at=MIDNIGHT)) == 0


def test_out_of_area_fires() -> None:
    by = known(children={CHILD: ChildTraits(involved=(involved(OTHER_SCHOOL),))})
    assert found("out_of_area", by) == 1.5


def test_out_of_area_honest_twin_is_known_here_or_nowhere() -> None:
    both = (involved(OTHER_SCHOOL), involved(AUTHORITY, Service.SOCIAL_CARE))
    assert found("out_of_area", known(children={CHILD: ChildTraits(involved=both)})) == 0
    assert found("out_of_area", known()) == 0
    elsewhere = known(children={CHILD: ChildTraits(involved=(involved(OTHER_SCHOOL),))})
    assert found("out_of_area", elsewhere, accessed(ELSEWHERE)) == 0


def test_dormant_fires() -> None:
    assert found("dormant", known(pasts={TEACHER: past(last=61)})) == 2.5


def test_dormant_fires_after_more_than_what_is_looked_at_otherwise() -> None:
    assert found("dormant", known(pasts={TEACHER: Past(before=TODAY - timedelta(days=200))})) == 2.5


def test_dormant_fires_for_the_days_after_it_awoke() -> None:
    awake = replace(past(days=2, last=1), before=TODAY - timedelta(days=120))
    assert found("dormant", known(pasts={TEACHER: awake})) == 2.5


def test_dormant_honest_twin_was_on_leave_or_is_new_or_back_for_long() -> None:
    assert found("dormant", known(pasts={TEACHER: past(last=40)})) == 0
    assert found("dormant", known()) == 0
    back = replace(past(days=16, last=1), before=TODAY - timedelta(days=120))
    assert found("dormant", known(pasts={TEACHER: back})) == 0


def came_back(*days: float, postcode: int = 6) -> Known:
    """A teacher who lives at that postcode, and whose pupil, who lives at another or the same, they looked at."""
    pupil = ChildTraits(postcodes=(6,), involved=(involved(),))
    looks = [opened(days=each, codes=("pupil",), explained=True) for each in days]
    return known(person(postcodes=(postcode,)), children={CHILD: pupil}, returns={(TEACHER, CHILD): looks})


def test_comes_back_fires_whatever_explains_it() -> None:
    assert found("comes_back", came_back(40, 20, 9)) == 3
    assert found("comes_back", came_back(*range(1, 30))) == 6


def test_comes_back_honest_twin_works_with_a_neighbours_child() -> None:
    assert found("comes_back", came_back(9)) == 0
    assert found("comes_back", came_back(9, 8.99, 8.98)) == 0, "on one day"
    assert found("comes_back", came_back(90, 80, 70)) == 0, "long ago"


def test_comes_back_honest_twin_works_with_somebody_elses_child() -> None:
    assert found("comes_back", came_back(40, 20, 9, 8, 7, postcode=7)) == 0


@pytest.mark.parametrize(("number", "bits"), [(15, 0.5), (20, 3), (100, 6)])
def test_speed_fires(number: int, bits: float) -> None:
    times = [NOW - timedelta(seconds=5 * place) for place in range(number)]
    assert found("speed", known(recent={TEACHER: times})) == bits


def test_speed_honest_twin_takes_a_minute_for_each() -> None:
    assert found("speed", known(recent={TEACHER: [NOW - timedelta(minutes=place) for place in range(60)]})) == 0


def step(code: str, kind: EventKind, by: Known, **rest: object) -> float:
    rule = next(each for each in STEPS if each.code == code)
    event = happened(kind, **rest)  # type: ignore[arg-type]
    assert event.kind in rule.kinds
    assert rule.subject(event) == TEACHER
    return rule.bits(event, by)


def test_before_leaving_fires() -> None:
    by = known(doubtful={TEACHER: [opened(child_id=child, days=5) for child in range(3)]})
    assert step("before_leaving", EventKind.USER_LEFT, by, actor_id=1, child_id=None, user_id=TEACHER) == 4.5


def test_before_leaving_honest_twin_works_where_much_is_never_explained() -> None:
    always = [opened(child_id=child, days=4 + 3 * child) for child in range(16)]
    by = known(doubtful={TEACHER: always})
    assert 0 <= step("before_leaving", EventKind.USER_LEFT, by, actor_id=1, child_id=None, user_id=TEACHER) < 1


def test_before_leaving_honest_twin_had_reasons_or_did_it_long_before() -> None:
    by = known(doubtful={TEACHER: [opened(days=20), opened(days=5, explained=True)]})
    assert step("before_leaving", EventKind.USER_LEFT, by, actor_id=1, child_id=None, user_id=TEACHER) == 0


def test_taken_back_fires() -> None:
    for codes in (("recorded_after", "searched"), ("recorded_that_day",)):
        by = known(openings={CHILD: [opened(codes=codes, explained=True)]})
        assert step("taken_back", EventKind.INVOLVEMENT_WITHDRAWN, by) == 5


def test_taken_back_honest_twin_had_another_reason_or_mends_what_a_colleague_did() -> None:
    pupil = opened(codes=("pupil", "recorded_that_day"), explained=True)
    colleague = opened(TEACHER + 1, codes=("recorded_that_day",), explained=True)
    by = known(openings={CHILD: [pupil, colleague]})
    assert step("taken_back", EventKind.INVOLVEMENT_WITHDRAWN, by) == 0
