"""What keeps somebody out today, without a database."""

from datetime import date, timedelta

import pytest

from access.models import Organisation, Role, User, UserState, VettingItem, VettingKind
from access.rules.vetting import Lapse, lapses

TODAY = date(2025, 6, 15)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def person(
    *,
    state: UserState = UserState.ACTIVE,
    accredited_until: date = TODAY,
    expiries: dict[VettingKind, date] | None = None,
) -> User:
    """Everything lasts through today unless said otherwise."""
    made = User(pk=1, role=Role.PRACTITIONER, state=state, organisation=Organisation(accredited_until=accredited_until))
    days = dict.fromkeys(VettingKind, TODAY) if expiries is None else expiries
    items = [VettingItem(kind=kind, expires_on=expires_on) for kind, expires_on in days.items()]
    made.is_stopped = False
    made._prefetched_objects_cache = {"vetting_items": items}
    return made


def without(kind: VettingKind, **other: date) -> dict[VettingKind, date]:
    return {each: TODAY for each in VettingKind if each != kind}


def test_nothing_lapses_on_its_last_day() -> None:
    assert lapses(person(), today=TODAY) == []


def test_everything_lapses_on_the_day_after() -> None:
    found = lapses(person(), today=TOMORROW)

    assert {lapse.expired_on for lapse in found} == {TODAY}
    assert len(found) == len(VettingKind) + 1


@pytest.mark.parametrize("kind", VettingKind)
def test_each_item_alone_keeps_out(kind: VettingKind) -> None:
    expired = {**without(kind), kind: YESTERDAY}

    assert lapses(person(expiries=without(kind)), today=TODAY) == [Lapse(kind.label, None)]
    assert lapses(person(expiries=expired), today=TODAY) == [Lapse(kind.label, YESTERDAY)]


def test_accreditation_keeps_out() -> None:
    assert lapses(person(accredited_until=YESTERDAY), today=TODAY) == [
        Lapse("Accreditation of your organisation", YESTERDAY)
    ]


@pytest.mark.parametrize("state", [UserState.SUSPENDED, UserState.LEFT])
def test_state_keeps_out(state: UserState) -> None:
    stopped = person(state=state)

    assert lapses(stopped, today=TODAY) == [Lapse(f"Account: {state.label.lower()}")]
    assert not stopped.is_active
