"""Which two records are one child's, to an insider with the web role's own login and live sessions: read by two people
together, once each, after the sequencer has looked at the log; and by nobody who owns the tables.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from contactpoint.local.servers import Servers
from registry.protection import escrow
from registry.rules.numbers import OWN, number_fingerprint
from tests import factories
from tests.acting import acting_as
from tests.conftest import as_owner_here
from tests.integration.registry.people import stranger
from tests.sweeps.attacking import (
    Place,
    confirm,
    placed,
    refusal,
)
from tests.sweeps.severing import (
    NO_EVENT,
    NOT_THEIRS,
    Pair,
    administrator,
    answer,
    ask_link,
    events_of,
    give,
    given,
    how,
    look_up,
    open_given,
    record_tagged,
    severed_pair,
)


@pytest.fixture(scope="module")
def place(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    with placed(running_servers, django_db_blocker) as made:
        yield made


@pytest.fixture
def child(place: Place) -> int:
    with transaction.atomic(), as_owner_here():
        made = factories.children(stranger(place.town))
    return int(made[0].pk)


@pytest.fixture
def pair(place: Place, child: int) -> Pair:
    return severed_pair(place, child)


def test_a_link_wants_two_people_the_number_and_a_fresh_factor(place: Place, pair: Pair) -> None:
    first, second = administrator(place), administrator(place)
    with place.connected() as web:
        stranger = administrator(place, elsewhere=True)
        assert how(ask_link, web, stranger, pair.old) == NOT_THEIRS
        assert how(ask_link, web, place.newcomer(), pair.old) == NOT_THEIRS
        # Whoever knows a record by our id alone learns not even that it is closed.
        assert how(ask_link, web, first, pair.old) == NOT_THEIRS
        look_up(web, second, pair.old_number)
        assert how(ask_link, web, first, pair.old) == NOT_THEIRS
        look_up(web, first, pair.old_number)
        assert how(ask_link, web, first, pair.new) == NOT_THEIRS
        assert how(ask_link, web, first, pair.old, "made_up")
        which = ask_link(web, first, pair.old)
        assert which
        web.commit()
        assert ask_link(web, second, pair.old) is None
        web.rollback()
        assert how(give, web, first, pair, which) == NOT_THEIRS
        assert how(give, web, stranger, pair, which) == NOT_THEIRS
        assert how(give, web, second, pair, which, child=pair.new) == NOT_THEIRS
        assert how(give, web, second, pair, which, number=pair.new_number) is None
        for seen in (1, None):
            assert how(give, web, second, pair, which, seen=seen) is None, seen
        assert how(give, web, second, pair, which, reason="link_by_order") is None
        confirm(place, second, "7 minutes")
        assert how(give, web, second, pair, which) == NO_EVENT
        confirm(place, second)
        assert give(web, second, pair, which)
        web.rollback()
        open_given()
        assert not is_open(place, pair)
        assert give(web, second, pair, which)
        web.commit()
        # Nothing is there to be read before the sequencer has looked at the log.
        assert [row[2] for row in answer(web, first, pair, which)] in ([], [None])
        web.commit()


def test_a_link_is_shown_once_to_each_of_the_two_and_to_nobody_else(place: Place, pair: Pair) -> None:
    with place.connected() as web:
        first, second, which = given(place, web, pair)
        assert open_given() >= 1
        for actor in (administrator(place), administrator(place, elsewhere=True)):
            assert answer(web, actor, pair, which) == []
            web.commit()
        for actor in (first, second):
            ((row, version, stored),) = answer(web, actor, pair, which)
            assert escrow.open_answer(bytes(stored), row=int(row), version=int(version)) == pair.new_number  # type: ignore[call-overload]
            # Taken back, it was read all the same: that it was, is committed.
            web.rollback()
            assert answer(web, actor, pair, which) == []
            web.commit()
        alerts = place.as_owner(
            "SELECT subject, times FROM audit_raisedalert WHERE what = 'escrow_opened' AND subject = %s",
            f"escrow.{which}",
        )
        assert alerts == [(f"escrow.{which}", 1)]


def test_after_a_day_a_link_is_shown_to_nobody(place: Place, pair: Pair) -> None:
    with place.connected() as web:
        first, _second, which = given(place, web, pair)
        assert open_given() >= 1
        place.as_owner(
            "UPDATE registry_escrowrequest SET decided_at = decided_at - interval '25 hours' WHERE id = %s", which
        )
        assert answer(web, first, pair, which) == []
        web.commit()
    with override_settings(KEYRING_HOLDER="sequencer"), acting_as("contactpoint_sequencer"):
        escrow.forget_answers()
    assert place.as_owner("SELECT answer FROM registry_escrow WHERE child_id = %s", pair.old) == [(None,)]


def is_open(place: Place, pair: Pair) -> bool:
    """Whether the sequencer has taken the outer seal off the link of the closed record."""
    return place.as_owner("SELECT answer FROM registry_escrow WHERE child_id = %s", pair.old) != [(None,)]


def test_the_owner_of_the_tables_opens_no_link_by_rows_or_events_of_their_own(place: Place, pair: Pair) -> None:
    """Nor does a web role without our keys: its events bear no tag of ours."""
    first, second = administrator(place), administrator(place)
    with place.connected() as web:
        look_up(web, first, pair.old_number)
        which = ask_link(web, first, pair.old)
        assert which
        web.commit()
        assert give(web, second, pair, which)
        web.commit()
        open_given()
        assert not is_open(place, pair)
        # One person in both places, by rows that their owner wrote; and events that say something else.
        good, _other = events_of(place, which)
        for asked_event, decided_event in ((good, good), (None, None), (good, 1)):
            place.as_owner(
                "UPDATE registry_escrowrequest SET asked_event = coalesce(%s, 0), decided_event = coalesce(%s, 0)"
                " WHERE id = %s",
                asked_event,
                decided_event,
                which,
            )
            open_given()
            assert not is_open(place, pair)


def test_one_persons_two_events_open_nothing_though_both_are_ours(place: Place, pair: Pair) -> None:
    with place.connected() as web:
        first, _second, which = given(place, web, pair)
        asked_event, decided_event = events_of(place, which)
        alone = record_tagged(web, first, pair, "escrow.opened", [f"escrow.{which}"])
        web.commit()
    with override_settings(KEYRING_HOLDER="sequencer"), acting_as("contactpoint_sequencer"):
        escrow.check_two(which, asked_event, decided_event, child_id=pair.old)
        for request, decided, child_id in (
            (which, alone, pair.old),
            (which, asked_event, pair.old),
            (which + 1, decided_event, pair.old),
            (which, decided_event, pair.new),
        ):
            with pytest.raises(escrow.NotByTwoError):
                escrow.check_two(request, asked_event, decided, child_id=child_id)


def test_a_number_is_looked_up_only_as_recorded_and_leads_from_neither_to_the_other(place: Place, pair: Pair) -> None:
    decides = administrator(place)
    with place.connected() as web:
        for number, leads_to in ((pair.old_number, [(pair.old, True)]), (pair.new_number, [(pair.new, False)])):
            presented = look_up(web, decides, number)
            found = "SELECT * FROM registry_identity_child(%s)"
            assert web.execute(found, [presented]).fetchall() == leads_to
            other = number_fingerprint(OWN, pair.new_number if number == pair.old_number else pair.old_number)
            assert refusal(web, found, other).sqlstate == NO_EVENT
            web.commit()
