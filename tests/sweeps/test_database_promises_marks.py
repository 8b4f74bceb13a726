"""What stands in the setting by which a connection shows a session: it is marked, and nobody else can write one."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from contactpoint.local.servers import Servers
from tests.conftest import as_owner_here
from tests.sweeps.attacking import placed, refusal, show_session
from tests.sweeps.lands import SETTING, Land, seen, settled

SET = "SELECT set_config('contactpoint.session', %s, false)"


@pytest.fixture(scope="module")
def land(running_servers: Servers, django_db_blocker: DjangoDbBlocker) -> Iterator[Land]:
    with placed(running_servers, django_db_blocker) as place:
        yield settled(place)


def another_session(setting: str, land: Land) -> str:
    kind, _, *rest = setting.split(" ")
    return " ".join([kind, str(land.actor("administrator").session_id), *rest])


def a_token(setting: str, land: Land) -> str:
    ((token,),) = land.place.as_owner("SELECT min(id) FROM access_systemtoken")
    _, _, *rest = setting.split(" ")
    return " ".join(["token", str(token), *rest])


def longer(setting: str, land: Land) -> str:
    kind, number, until, mark = setting.split(" ")
    return f"{kind} {number} {int(until) + 1} {mark}"


def made_up(setting: str, land: Land) -> str:
    return " ".join([*setting.split(" ")[:3], "0" * 64])


def without_a_mark(setting: str, land: Land) -> str:
    return setting.rpartition(" ")[0]


@pytest.mark.parametrize("forge", [another_session, a_token, longer, made_up, without_a_mark])
def test_what_somebody_writes_into_the_setting_shows_nobody(land: Land, forge: Callable[[str, Land], str]) -> None:
    with land.place.connected() as web:
        show_session(web, land.actor("teacher"))
        ((setting,),) = web.execute(SETTING).fetchall()
        web.execute(SET, [forge(setting, land)])
        assert seen(web) == set()
        web.execute(SET, [setting])
        assert seen(web) == {land.people["teacher"].pk}


def test_a_mark_is_of_its_own_connection(land: Land) -> None:
    with land.place.connected() as web, land.place.connected() as other:
        show_session(web, land.actor("administrator"))
        ((setting,),) = web.execute(SETTING).fetchall()
        other.execute(SET, [setting])
        assert seen(other) == set()


@pytest.mark.parametrize(("seconds", "sees"), [(30, True), (-1, False)])
def test_a_mark_lasts_until_its_time(land: Land, seconds: int, *, sees: bool) -> None:
    """The owner makes one for any time, on the connection of this very test."""
    actor = land.actor("teacher")
    with transaction.atomic(), connection.cursor() as cursor:
        with as_owner_here():
            cursor.execute(
                "SELECT set_config('contactpoint.session', concat_ws(' ', 'session', number, until,"
                " access_shown_mark('session', number, until)), true)"
                " FROM (SELECT %s::bigint, extract(epoch FROM clock_timestamp())::bigint + %s) AS made (number, until)",
                [actor.session_id, seconds],
            )
        cursor.execute("SELECT access_shown_person()")
        assert cursor.fetchone() == (actor.user_id if sees else None,)


def test_the_key_of_marks_is_nobodys(land: Land) -> None:
    with land.place.connected() as web:
        for statement in (
            "SELECT key FROM audit_ticketkey",
            "SELECT access_shown_mark('session', 1, 1)",
            "SELECT access_show('session', 1)",
            "SELECT access_shown('session')",
        ):
            assert isinstance(refusal(web, statement), psycopg.errors.InsufficientPrivilege), statement
