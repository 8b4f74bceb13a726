"""Each rule about a whole day: what it finds, and its honest twin."""

from datetime import timedelta

from access.models import Role
from review.examining.days import Day, Past, bin_of
from review.examining.known import Known, Use
from review.examining.rates import Usual
from review.rules import ALL
from review.rules.base import OfDay
from review.rules.shared_account import returns_in
from tests.unit.review.knowing import ADMINISTRATOR, MEDIATOR, NOW, TEACHER, TODAY, among, day, known, past, peers


def found(code: str, of: Day, by: Known) -> float:
    rule = ALL[code]
    assert isinstance(rule, OfDay)
    return rule.bits(of, by)


def test_volume_fires() -> None:
    busy = day(opened=40)
    assert found("volume", busy, among(busy, peers(days=4_000), pasts={TEACHER: past()})) > 3


def test_volume_honest_twin_is_one_of_many_or_always_busy() -> None:
    busy = day(opened=40)
    assert found("volume", busy, among(busy, peers(opened=40))) == 0
    assert found("volume", busy, among(busy, peers(days=4_000), pasts={TEACHER: past(opened=40)})) == 0
    quiet = day(opened=3)
    assert found("volume", quiet, among(quiet, peers(days=4_000))) == 0


def test_volume_says_nothing_among_few() -> None:
    busy = day(opened=400)
    assert found("volume", busy, among(busy, peers(days=100))) == 0


def test_fishing_fires() -> None:
    fishing = day(searched=12, followed=0)
    assert found("fishing", fishing, among(fishing, peers(searched=10_000, followed=7_000))) == 6


def test_fishing_honest_twin_opens_what_they_find_or_has_such_a_trade() -> None:
    working, looking = day(searched=12, followed=7), day(searched=12, followed=0)
    assert found("fishing", working, among(working, peers(searched=10_000, followed=7_000))) == 0
    assert found("fishing", looking, among(looking, peers(searched=10_000, followed=500))) < 2
    few = day(searched=5)
    assert found("fishing", few, among(few, peers(searched=10_000, followed=7_000))) == 0


def test_refused_fires() -> None:
    tried = day(refused=5)
    assert found("refused", tried, among(tried, peers(refused=0))) == 3


def test_refused_honest_twin_followed_an_old_link_twice() -> None:
    tried = day(refused=2)
    assert found("refused", tried, among(tried, peers(refused=0))) == 0


def test_much_read_fires() -> None:
    """A handful more in a day than few peers ever read."""
    curious = day(ADMINISTRATOR, Role.ADMINISTRATOR, read=16)
    assert found("much_read", curious, among(curious, peers(days=200, reading=Usual(3.5, shape=8)))) > 3


def test_much_read_honest_twin_reads_as_others_do() -> None:
    working = day(ADMINISTRATOR, Role.ADMINISTRATOR, read=8)
    assert found("much_read", working, among(working, peers(reading=Usual(3.5, shape=8)))) == 0
    calls = day(MEDIATOR, Role.MEDIATOR, read=40)
    assert found("much_read", calls, among(calls, peers(reading=Usual(3.5, shape=8)))) == 0
    confirming = day(ADMINISTRATOR, Role.ADMINISTRATOR, read=16)
    assert found("much_read", confirming, among(confirming, peers(reading=Usual(3.5, shape=1)))) == 0


def used(*minutes_and_sessions: tuple[float, int]) -> Known:
    uses = [Use(NOW + timedelta(minutes=minute), TODAY, session) for minute, session in minutes_and_sessions]
    return known(uses={TEACHER: uses})


def test_shared_account_fires() -> None:
    """Two sit at two computers, and either does something every two minutes."""
    by = used(*[(number, 7 + number % 2) for number in range(10)])
    assert found("shared_account", day(), by) == 0.75 * 3


def test_shared_account_honest_twin_signs_in_again_elsewhere() -> None:
    assert found("shared_account", day(), used(*[(number, 7 + number // 8) for number in range(30)])) == 0


def test_session_that_was_left_for_long_is_no_return() -> None:
    uses = used((0, 7), (40, 8), (41, 7), (42, 8)).uses[TEACHER]
    assert returns_in(uses) == [NOW + timedelta(minutes=42)]


def test_shared_account_honest_twin_goes_to_and_fro_now_and_then() -> None:
    seldom = [(20 * number, 7 + number % 2) for number in range(24)]
    assert found("shared_account", day(), used(*seldom)) == 0
    assert found("shared_account", day(), used((0, 7), (1, 8), (2, 7), (3, 8), (4, 7))) == 0


def test_bins_are_half_octaves() -> None:
    assert [bin_of(number) for number in (0, 1, 2, 3, 4, 5, 7, 10**9)] == [0, 2, 3, 4, 4, 5, 6, 31]


def test_a_past_knows_hours_of_working_days_apart_from_weekends() -> None:
    own = Past(days=[TODAY], opened=[1], hours=[1 << 9])
    assert own.by_hour() == [int(hour == 9) for hour in range(48)]
    sunday = Past(days=[TODAY - timedelta(days=2)], opened=[1], hours=[1 << 9])
    assert sunday.by_hour() == [int(hour == 24 + 9) for hour in range(48)]
